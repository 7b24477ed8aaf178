/** What the owner writes again and again. There are few, so all of them are read at once. */
import { count, eq } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_TEMPLATES } from "../../contract/limits.ts";
import { randomId } from "../../contract/random-id.ts";
import { type CreateTemplate, type Template, TemplateId, type UpdateTemplate } from "../../contract/templates.ts";
import { template } from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

export const listTemplates = (box: Mailbox): Template[] =>
  box.db
    .select()
    .from(template)
    .orderBy(template.name, template.id)
    .all()
    .map((row) => viewOf(box, row));

export function createTemplate(box: Mailbox, wanted: CreateTemplate, changed_at: number): Template {
  const kept = box.db.select({ n: count() }).from(template).get()?.n ?? 0;
  if (kept >= MAX_TEMPLATES) throw new Failure("conflict", `An account keeps at most ${MAX_TEMPLATES} templates.`);
  const row = { ...wanted, id: randomId(16), changed_at };
  box.db.insert(template).values(row).run();
  return viewOf(box, row);
}

export function updateTemplate(box: Mailbox, id: string, update: UpdateTemplate, changed_at: number): Template {
  const isOne = eq(template.id, id);
  const [row] = box.db
    .update(template)
    .set({ ...update, changed_at })
    .where(isOne)
    .returning()
    .all();
  if (row === undefined) throw notFound("template");
  return viewOf(box, row);
}

export function deleteTemplate(box: Mailbox, id: string): void {
  const gone = box.db.delete(template).where(eq(template.id, id)).returning().all();
  if (gone.length === 0) throw notFound("template");
}

const viewOf = (box: Mailbox, { id, changed_at, ...words }: typeof template.$inferSelect): Template => ({
  ...{ id: TemplateId.parse(id), user_id: box.user_id, ...words, changed_at: isoTime(changed_at) },
});
