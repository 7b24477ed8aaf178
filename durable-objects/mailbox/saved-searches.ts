/** Searches that the owner gave a name, and the last few that were made. They are few, so all of them are read at once. */
import { and, desc, eq, isNull, notInArray, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_QUERY_CHARACTERS, MAX_RECENT_SEARCHES, MAX_SAVED_SEARCHES } from "../../contract/limits.ts";
import { randomId } from "../../contract/random-id.ts";
import { type SavedSearch, SavedSearchId, type SaveSearch } from "../../contract/saved-searches.ts";
import { saved_search } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

type Row = typeof saved_search.$inferSelect;

/** Those with names first, by name; then those made lately, the last one first. */
export function listSearches(box: Mailbox): SavedSearch[] {
  const { name, used_at } = saved_search;
  const rows = box.db.select().from(saved_search).orderBy(isNull(name), name, desc(used_at)).all();
  return rows.map((row) => viewOf(box, row));
}

export function saveSearch(box: Mailbox, { name, query }: SaveSearch, now: number): SavedSearch {
  return box.db.transaction(() =>
    viewOf(box, name === null ? remember(box.db, query, now) : saveNamed(box.db, name, query, now)),
  );
}

/** A search that was made. One of nothing, or of more than is ever read, is not worth it. */
export function rememberSearch(box: Mailbox, q: string, now: number): void {
  const query = q.trim();
  if (query !== "" && query.length <= MAX_QUERY_CHARACTERS) saveSearch(box, { name: null, query }, now);
}

export function deleteSearch(box: Mailbox, id: string): void {
  const gone = box.db.delete(saved_search).where(eq(saved_search.id, id)).returning().all();
  if (gone.length === 0) throw notFound("search");
}

function saveNamed(db: MailboxDb, name: string, query: string, now: number): Row {
  const named = db.select().from(saved_search).where(sql`${saved_search.name} IS NOT NULL`).all();
  if (named.some((row) => row.name === name)) {
    throw new Failure("conflict", `There is a search ${name} already.`, [{ at: "body.name", message: "taken" }]);
  }
  if (named.length >= MAX_SAVED_SEARCHES) {
    throw new Failure("conflict", `An account keeps at most ${MAX_SAVED_SEARCHES} searches by name.`);
  }
  return insert(db, name, query, now);
}

/** The same search made again is the newest again; the oldest ones go. */
function remember(db: MailboxDb, query: string, now: number): Row {
  const recent = isNull(saved_search.name);
  const again = db
    .update(saved_search)
    .set({ used_at: now })
    .where(and(recent, eq(saved_search.query, query)))
    .returning()
    .all();
  const row = again[0] ?? insert(db, null, query, now);
  const kept = db
    .select({ id: saved_search.id })
    .from(saved_search)
    .where(recent)
    .orderBy(desc(saved_search.used_at), desc(eq(saved_search.id, row.id)))
    .limit(MAX_RECENT_SEARCHES);
  db.delete(saved_search)
    .where(and(recent, notInArray(saved_search.id, kept)))
    .run();
  return row;
}

const insert = (db: MailboxDb, name: string | null, query: string, used_at: number): Row =>
  db
    .insert(saved_search)
    .values({ id: randomId(16), name, query, used_at })
    .returning()
    .get();

const viewOf = ({ user_id }: Mailbox, { id, name, query, used_at }: Row): SavedSearch => ({
  ...{ id: SavedSearchId.parse(id), user_id, name, query, used_at: isoTime(used_at) },
});
