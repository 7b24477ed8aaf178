/**
 * Search: a query in the user's language becomes one statement over the full-text index.
 *
 * The index's rowid is the message's id, so newest first is its own order, a date is a range of rowids, and the scan
 * stops at the page's end. What stands beside the words is asked in the way that reads least: a small folder gives its
 * ids to the index (`IN`), a large one is probed for each hit (`EXISTS`, a primary-key lookup).
 */
import { type SQL, sql } from "drizzle-orm";
import { MAX_QUERY_CHARACTERS } from "../../contract/limits.ts";
import type { SearchPage } from "../../contract/messages.ts";
import { parseQuery } from "../../mail/query/parse-query.ts";
import { type Condition, type Filter, planSearch, type SearchPlan } from "../../mail/query/search-plan.ts";
import { folder } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
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

function statement(box: Mailbox, plan: SearchPlan, before: number | undefined, limit: number): SQL {
  const folders = box.db.select().from(folder).all();
  // Words are looked up in the index; a query without any walks the messages themselves.
  const [source, id] =
    plan.match === null ? [sql`message`, sql`message.id`] : [sql`message_index`, sql`message_index.rowid`];
  const conditions = plan.conditions.map((condition) => render(condition, id, folders));
  if (plan.match !== null) conditions.unshift(sql`message_index MATCH ${plan.match}`);
  if (before !== undefined) conditions.push(sql`${id} < ${integer(before)}`);
  // As in Gmail: what was thrown away is found only by those who look there.
  if (!namesFolder(plan.conditions)) {
    conditions.push(sql`NOT ${isIn(id, [ROLE_ID.trash, ROLE_ID.junk])}`);
  }
  return sql`SELECT ${id} AS id FROM ${source} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${id} DESC LIMIT ${limit}`;
}

function render(condition: Condition, id: SQL, folders: FolderRow[]): SQL {
  switch (condition.kind) {
    case "and":
      return joined(condition.of, sql` AND `, sql`1`, id, folders);
    case "or":
      return joined(condition.of, sql` OR `, sql`0`, id, folders);
    case "match": {
      const found = sql`${id} IN (SELECT rowid FROM message_index WHERE message_index MATCH ${condition.match})`;
      return condition.negated ? sql`NOT (${found})` : found;
    }
    case "filter": {
      const holds = renderFilter(condition.filter, id, folders);
      return condition.negated ? sql`NOT (${holds})` : holds;
    }
  }
}

function joined(of: Condition[], operator: SQL, neutral: SQL, id: SQL, folders: FolderRow[]): SQL {
  const parts = of.map((part) => render(part, id, folders));
  return parts.length === 0 ? neutral : sql`(${sql.join(parts, operator)})`;
}

function renderFilter(filter: Filter, id: SQL, folders: FolderRow[]): SQL {
  switch (filter.kind) {
    case "in":
      return inFolder(filter.folder, id, folders);
    case "is":
      return hasState(filter.state, id, folders);
    case "has":
      return flag(id, sql`has_attachment`);
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

function inFolder(name: string, id: SQL, folders: FolderRow[]): SQL {
  const wanted = name.normalize("NFC").toLowerCase();
  const role = Object.hasOwn(ROLE_NAMES, wanted) ? ROLE_NAMES[wanted] : undefined;
  if (role === ROLE_ID.all) return sql`1`;
  if (role === ROLE_ID.flagged) return flag(id, sql`is_flagged`);
  const found = folders.filter((row) => row.id === role || row.name.toLowerCase() === wanted);
  const total = found.reduce((sum, row) => sum + row.total, 0);
  if (found.length === 0) return sql`0`;
  const ids = found.map((row) => row.id);
  return total <= DRIVING_IDS
    ? sql`${id} IN (SELECT message_id FROM folder_message WHERE folder_id IN (${numbers(ids)}))`
    : isIn(id, ids);
}

function hasState(state: "read" | "unread" | "flagged" | "draft", id: SQL, folders: FolderRow[]): SQL {
  const all = folders.find((row) => row.id === ROLE_ID.all);
  const flagged = folders.find((row) => row.id === ROLE_ID.flagged);
  switch (state) {
    case "unread":
      return (all?.unread ?? 0) <= DRIVING_IDS
        ? sql`${id} IN (SELECT message_id FROM unread)`
        : flag(id, sql`is_read = 0`);
    case "read":
      return flag(id, sql`is_read = 1`);
    case "flagged":
      return (flagged?.total ?? 0) <= DRIVING_IDS
        ? sql`${id} IN (SELECT f.id FROM message f WHERE f.is_flagged = 1)`
        : flag(id, sql`is_flagged = 1`);
    case "draft":
      return flag(id, sql`is_draft = 1`);
  }
}

/** A column of the message's own row. */
const flag = (id: SQL, condition: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM message f WHERE f.id = ${id} AND f.${condition})`;

const isIn = (id: SQL, folderIds: number[]): SQL =>
  sql`EXISTS (SELECT 1 FROM folder_message p WHERE p.folder_id IN (${numbers(folderIds)}) AND p.message_id = ${id})`;

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
