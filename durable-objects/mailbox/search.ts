/**
 * Search: a query in the user's language becomes one statement over the full-text index.
 *
 * The index's rowid is the message's id, so newest first is its own order, a date is a range of rowids, and the scan
 * stops at the page's end. Without words the folder's list is walked, or the messages. What stands beside is asked in
 * the way that reads least: a small folder gives its ids (`IN`), a large one is probed for each hit (`EXISTS`, a
 * primary-key lookup).
 */
import { type SQL, sql } from "drizzle-orm";
import { MAX_QUERY_CHARACTERS } from "../../contract/limits.ts";
import type { SearchPage } from "../../contract/messages.ts";
import { parseQuery } from "../../mail/query/parse-query.ts";
import { type Condition, type Filter, planSearch, type SearchPlan } from "../../mail/query/search-plan.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import { folderRows } from "./folders.ts";
import type { FolderRow, Mailbox } from "./mailbox-database.ts";
import { firstIdAt, requireCursor } from "./object-ids.ts";
import { pageOf } from "./read-messages.ts";

export type SearchResult = SearchPage;

/** Up to so many ids a filter drives the search; beyond, it is probed for each hit. */
const DRIVING_IDS = 300;

export function search(box: Mailbox, text: string, limit: number, cursor: string | undefined): SearchResult {
  const { query, taken_as_words } = parseQuery(text.slice(0, MAX_QUERY_CHARACTERS));
  const plan = planSearch(query);
  const ids = box.db
    .all<{ id: number }>(statement(box, plan, requireCursor(box, cursor), limit + 1))
    .map(({ id }) => id);
  const cut = text.length > MAX_QUERY_CHARACTERS;
  const left = {
    at: MAX_QUERY_CHARACTERS,
    text: text.slice(MAX_QUERY_CHARACTERS, MAX_QUERY_CHARACTERS + 20),
    reason: "too_long",
  };
  return { ...pageOf(box, ids, limit), taken_as_words: cut ? [...taken_as_words, left] : taken_as_words };
}

/** What is walked, newest first, up to the page's end. */
interface Source {
  table: SQL;
  /** The message's id in it. */
  id: SQL;
}
const WORDS: Source = { table: sql`message_index`, id: sql`message_index.rowid` };
const MESSAGES: Source = { table: sql`message`, id: sql`message.id` };
const FOLDER: Source = { table: sql`folder_message`, id: sql`folder_message.message_id` };

interface Context {
  box: Mailbox;
  source: Source;
  folders: FolderRow[];
}

function statement(box: Mailbox, plan: SearchPlan, before: number | undefined, limit: number): SQL {
  const folders = folderRows(box.db);
  const folderId = plan.match === null ? folderAskedFor(plan.conditions, folders) : null;
  const source = plan.match !== null ? WORDS : folderId !== null ? FOLDER : MESSAGES;
  const { from, to, others } = rangeOf(plan.conditions, before ?? Number.MAX_SAFE_INTEGER);
  const conditions = [sql`${source.id} >= ${integer(from)}`, sql`${source.id} < ${integer(to)}`];
  if (plan.match !== null) conditions.push(sql`message_index MATCH ${plan.match}`);
  if (folderId !== null) conditions.push(sql`folder_message.folder_id = ${integer(folderId)}`);
  for (const condition of others) conditions.push(render(condition, { box, source, folders }));
  // As in Gmail: what was thrown away is found only by those who look there.
  if (!namesFolder(plan.conditions)) {
    conditions.push(sql`NOT ${isIn(source.id, [ROLE_ID.trash, ROLE_ID.junk])}`);
  }
  return sql`SELECT ${source.id} AS id FROM ${source.table} WHERE ${balanced(conditions, sql` AND `)} ORDER BY ${source.id} DESC LIMIT ${limit}`;
}

/** Cursor and dates as one range of ids: SQLite walks from a single bound, and would test a second on every row. */
function rangeOf(conditions: Condition[], before: number) {
  let [from, to] = [0, before];
  const others = conditions.filter((condition) => {
    if (condition.kind !== "filter" || condition.negated) return true;
    const { filter } = condition;
    if (filter.kind === "before") to = Math.min(to, firstIdAt(filter.at));
    else if (filter.kind === "after") from = Math.max(from, firstIdAt(filter.at));
    else return true;
    return false;
  });
  return { from, to, others };
}

/** The one folder that every message of the answer is in, if the query says so: its list is walked instead of all. */
function folderAskedFor(conditions: Condition[], folders: FolderRow[]): number | null {
  for (const condition of conditions) {
    if (condition.kind !== "filter" || condition.negated || condition.filter.kind !== "in") continue;
    const [only, other] = foldersNamed(condition.filter.folder, folders);
    if (only !== undefined && other === undefined && !isView(only.id)) return only.id;
  }
  return null;
}

function render(condition: Condition, context: Context): SQL {
  switch (condition.kind) {
    case "and":
    case "or": {
      const operator = condition.kind === "and" ? sql` AND ` : sql` OR `;
      return balanced(
        condition.of.map((part) => render(part, context)),
        operator,
      );
    }
    case "match": {
      const found = sql`${context.source.id} IN (SELECT rowid FROM message_index WHERE message_index MATCH ${condition.match})`;
      return condition.negated ? sql`NOT (${found})` : found;
    }
    case "filter": {
      const holds = renderFilter(condition.filter, context);
      return condition.negated ? sql`NOT (${holds})` : holds;
    }
  }
}

/** A chain of operators is as deep as it is long, and the platform's SQLite takes a depth of 100: halves of halves. */
function balanced(parts: SQL[], operator: SQL): SQL {
  if (parts.length === 1) return sql.join(parts);
  const middle = Math.ceil(parts.length / 2);
  return sql`(${balanced(parts.slice(0, middle), operator)}${operator}${balanced(parts.slice(middle), operator)})`;
}

function renderFilter(filter: Filter, context: Context): SQL {
  const { id } = context.source;
  switch (filter.kind) {
    case "in":
      return inFolder(filter.folder, context);
    case "is":
      return hasState(filter.state, context);
    case "has":
      return isMarked("has_attachment", context);
    case "before":
      return sql`${id} < ${integer(firstIdAt(filter.at))}`;
    case "after":
      return sql`${id} >= ${integer(firstIdAt(filter.at))}`;
  }
}

const ROLE_NAMES: Record<string, number> = {
  ...ROLE_ID,
  spam: ROLE_ID.junk,
  bin: ROLE_ID.trash,
  draft: ROLE_ID.drafts,
  starred: ROLE_ID.flagged,
  anywhere: ROLE_ID.all,
};

function foldersNamed(name: string, folders: FolderRow[]): FolderRow[] {
  const wanted = name.normalize("NFC").toLowerCase();
  const role = Object.hasOwn(ROLE_NAMES, wanted) ? ROLE_NAMES[wanted] : undefined;
  if (role !== undefined && isView(role)) return folders.filter((row) => row.id === role);
  return folders.filter((row) => row.id === role || row.name.toLowerCase() === wanted);
}

function inFolder(name: string, context: Context): SQL {
  const { id } = context.source;
  const found = foldersNamed(name, context.folders);
  const ids = found.map((row) => row.id);
  if (ids.length === 0) return sql`0`;
  if (ids.includes(ROLE_ID.all)) return sql`1`;
  if (ids.includes(ROLE_ID.flagged)) return isMarked("is_flagged", context);
  return found.reduce((sum, row) => sum + row.total, 0) <= DRIVING_IDS
    ? sql`${id} IN (SELECT message_id FROM folder_message WHERE folder_id IN (${numbers(ids)}))`
    : isIn(id, ids);
}

function hasState(state: "read" | "unread" | "flagged" | "draft", context: Context): SQL {
  switch (state) {
    case "unread": {
      const unread = context.folders.find((row) => row.id === ROLE_ID.all)?.unread ?? 0;
      return unread <= DRIVING_IDS
        ? sql`${context.source.id} IN (SELECT message_id FROM unread)`
        : ofMessage(sql`is_read = 0`, context.source);
    }
    case "read":
      return ofMessage(sql`is_read = 1`, context.source);
    case "flagged":
      return isMarked("is_flagged", context);
    case "draft":
      return isMarked("is_draft", context);
  }
}

/** What few messages are has an index of its own: messages are found through it, or, if they are few indeed, drive. */
function isMarked(mark: "is_flagged" | "is_draft" | "has_attachment", { box, source }: Context): SQL {
  const holds = sql.raw(`${mark} = 1`);
  if (source === MESSAGES) return ofMessage(holds, source);
  const first = sql`SELECT 1 FROM message WHERE ${holds} LIMIT ${DRIVING_IDS + 1}`;
  const { n } = box.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM (${first})`);
  return n <= DRIVING_IDS
    ? sql`${source.id} IN (SELECT f.id FROM message f WHERE f.${holds})`
    : ofMessage(holds, source);
}

/** A condition on the message's own row. */
const ofMessage = (holds: SQL, source: Source): SQL =>
  source === MESSAGES
    ? sql`message.${holds}`
    : exists(sql`SELECT 1 FROM message f WHERE f.id = ${source.id} AND f.${holds}`);

const isIn = (id: SQL, folderIds: number[]): SQL =>
  exists(sql`SELECT 1 FROM folder_message p WHERE p.folder_id IN (${numbers(folderIds)}) AND p.message_id = ${id}`);

/** The plus keeps SQLite from making a join of it: of twenty joins it loses the one whose MATCH must come first. */
const exists = (rows: SQL): SQL => sql`+EXISTS (${rows})`;

/** Our own integers, written out, unless there are many: a statement has an end as well as its parameters. */
function numbers(ids: number[]): SQL {
  return ids.length > 8
    ? sql`SELECT value FROM json_each(${JSON.stringify(ids)})`
    : sql.raw(ids.map(digits).join(", "));
}

/** The platform binds a number as a float. An index that is asked for rowids below a float would start at its end. */
const integer = (number: number): SQL => sql.raw(digits(number));
const digits = (number: number): string => number.toFixed(0);

/** Whether the user asks for a folder. Asking for what is not in one asks for none. */
function namesFolder(conditions: Condition[]): boolean {
  return conditions.some((condition) => {
    if (condition.kind === "and" || condition.kind === "or") return namesFolder(condition.of);
    return condition.kind === "filter" && condition.filter.kind === "in" && !condition.negated;
  });
}
