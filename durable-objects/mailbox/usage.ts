/** What takes the room, by year and by type of attachment: added up with each message that comes or goes. */
import { sql } from "drizzle-orm";
import { usage } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";
import { receivedAt } from "./object-ids.ts";

type Used = Pick<MessageRow, "id" | "size" | "attachments">;

type Kind = typeof usage.$inferSelect.kind;

export class UsageTally {
  readonly #rows = new Map<string, { kind: Kind; key: string; total: number; size: number }>();

  add(row: Used, sign: 1 | -1): void {
    this.#add("year", String(new Date(receivedAt(row.id)).getUTCFullYear()), row.size, sign);
    for (const { content_type, size } of row.attachments) this.#add("attachment_type", content_type, size, sign);
  }

  settle(db: MailboxDb): void {
    for (const row of this.#rows.values()) if (row.total !== 0 || row.size !== 0) upsertUsage(db).run(row);
  }

  #add(kind: Kind, key: string, size: number, sign: 1 | -1): void {
    const name = `${kind} ${key}`;
    const row = this.#rows.get(name) ?? { kind, key, total: 0, size: 0 };
    row.total += sign;
    row.size += sign * size;
    this.#rows.set(name, row);
  }
}

const upsertUsage = prepared((db) =>
  db
    .insert(usage)
    .values({
      kind: sql.placeholder("kind"),
      key: sql.placeholder("key"),
      total: sql.placeholder("total"),
      size: sql.placeholder("size"),
    })
    .onConflictDoUpdate({
      target: [usage.kind, usage.key],
      set: { total: sql`usage.total + excluded.total`, size: sql`usage.size + excluded.size` },
    })
    .prepare(),
);
