/** The owner's filters: few, kept in their order, read at each delivery from memory. */
import { asc, eq, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import {
  type CreateFilter,
  type Filter,
  FilterActions,
  FilterConditions,
  FilterId,
  type UpdateFilter,
} from "../../contract/filters.ts";
import { MAX_FILTERS } from "../../contract/limits.ts";
import { randomId } from "../../contract/random-id.ts";
import { filter, folder } from "../../schema/mailbox/tables.ts";
import { requireConditions } from "./filter-conditions.ts";
import { cancelRunsOf } from "./filter-runs.ts";
import { isView } from "./folder-roles.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { numberOf } from "./object-ids.ts";
import { requireFolders } from "./update-messages.ts";

type Row = typeof filter.$inferSelect;

const rowsOf = (db: MailboxDb): Row[] => db.select().from(filter).orderBy(asc(filter.position)).all();

export const listFilters = (box: Mailbox): Filter[] => rowsOf(box.db).map((row) => viewOf(box, row));

export const readFilter = (box: Mailbox, id: string): Filter => viewOf(box, requireRow(box.db, id));

/** The addresses that it forwards to are in their canonical spelling, and not the account's: the Worker has seen to that. */
export function createFilter(box: Mailbox, wanted: CreateFilter, now: number): Filter {
  return changing(box, () => {
    requireSound(box, wanted);
    const rows = rowsOf(box.db);
    if (rows.length >= MAX_FILTERS) throw new Failure("conflict", `An account has at most ${MAX_FILTERS} filters.`);
    const position = (rows.at(-1)?.position ?? 0) + 1;
    const row = box.db
      .insert(filter)
      .values({ ...wanted, id: randomId(16), position, created_at: now })
      .returning()
      .get();
    return viewOf(box, row);
  });
}

export function updateFilter(box: Mailbox, id: string, update: UpdateFilter): Filter {
  return changing(box, () => {
    const before = viewOf(box, requireRow(box.db, id));
    const set = {
      name: update.name ?? before.name,
      is_enabled: update.is_enabled ?? before.is_enabled,
      conditions: update.conditions ?? before.conditions,
      actions: update.actions ?? before.actions,
    };
    requireSound(box, set);
    const row = box.db.update(filter).set(set).where(eq(filter.id, id)).returning().get();
    return viewOf(box, row);
  });
}

export function deleteFilter(box: Mailbox, id: string): void {
  changing(box, () => {
    requireRow(box.db, id);
    cancelRunsOf(box.db, id);
    box.db.delete(filter).where(eq(filter.id, id)).run();
  });
}

/** All of them, each once: an order of some would leave open where the others are. */
export function orderFilters(box: Mailbox, ids: string[]): Filter[] {
  return changing(box, () => {
    const known = new Set(rowsOf(box.db).map((row) => row.id));
    if (ids.length !== known.size || new Set(ids).size !== ids.length || !ids.every((id) => known.has(id))) {
      throw new Failure("conflict", "The order names each filter once; there are others by now.", [
        { at: "body.ids", message: "not the ids of all filters" },
      ]);
    }
    for (const [n, id] of ids.entries()) {
      box.db
        .update(filter)
        .set({ position: n + 1 })
        .where(eq(filter.id, id))
        .run();
    }
    return listFilters(box);
  });
}

/** Throws `bad_request`, `not_found` or `invalid_folders`. */
function requireSound(box: Mailbox, { conditions, actions }: Pick<Filter, "conditions" | "actions">): void {
  requireConditions(box, conditions);
  requireFolders(box, actions.move_to, "body.actions.move_to");
  requireFolders(box, actions.add_to, "body.actions.add_to");
}

function requireRow(db: MailboxDb, id: string): Row {
  const row = db.select().from(filter).where(eq(filter.id, id)).get();
  if (row === undefined) throw notFound("filter");
  return row;
}

const viewOf = ({ user_id }: Mailbox, { id, name, is_enabled, conditions, actions, created_at }: Row): Filter => ({
  ...{ id: FilterId.parse(id), user_id, name, is_enabled, created_at: isoTime(created_at) },
  conditions: FilterConditions.parse(conditions),
  actions: FilterActions.parse(actions),
});

/** An account without filters pays nothing for them at a delivery, and one with many does not read them each time. */
const enabled = new WeakMap<Mailbox, Filter[]>();

export function enabledFilters(box: Mailbox): Filter[] {
  const known = enabled.get(box) ?? listFilters(box).filter(({ is_enabled }) => is_enabled);
  enabled.set(box, known);
  return known;
}

function changing<T>(box: Mailbox, work: () => T): T {
  try {
    return box.db.transaction(work);
  } finally {
    enabled.delete(box);
  }
}

/** The folders that a rule names and that are still there to be put into. */
export function folderNumbers(box: Mailbox, ids: readonly string[]): number[] {
  if (ids.length === 0) return [];
  const numbers = ids.flatMap((id) => numberOf(box, id) ?? []);
  const here = selectFolders(box.db).all({ ids: JSON.stringify(numbers) });
  return here.flatMap(({ id }) => (isView(id) ? [] : [id]));
}

const selectFolders = prepared((db) =>
  db
    .select({ id: folder.id })
    .from(folder)
    .where(sql`${folder.id} IN (SELECT value FROM json_each(${sql.placeholder("ids")}))`)
    .prepare(),
);
