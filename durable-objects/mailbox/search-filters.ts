/**
 * What a search asks of a message, as SQL: where it is, what state it is in, what it holds. Either the ids of all that
 * pass, where they are few, or a question about one message.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Condition, Filter } from "../../mail/query/search-plan.ts";
import { isOfKind } from "./attachment-kinds.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { FolderRow, Mailbox } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";
import { NEW } from "./snooze.ts";

/** Up to so many ids a filter drives the search; beyond, it is asked of each message. */
const DRIVING_IDS = 300;

export interface SearchedMailbox {
  box: Mailbox;
  folders: FolderRow[];
}

interface Scope extends SearchedMailbox {
  /** The id of the message that is asked about. */
  id: SQL;
  /** Where in the full-text index that message can be. */
  range: () => SQL;
  /** Only a few messages are asked about: nothing else drives. */
  isOfFew?: boolean;
}

export function holds(condition: Condition, scope: Scope): SQL {
  switch (condition.kind) {
    case "and":
    case "or": {
      const operator = condition.kind === "and" ? sql` AND ` : sql` OR `;
      return balanced(
        condition.of.map((part) => holds(part, scope)),
        operator,
      );
    }
    case "match": {
      const matches = sql`SELECT rowid FROM message_index WHERE message_index MATCH ${condition.match}`;
      const has = sql`${scope.id} IN (${matches} AND ${scope.range()})`;
      return condition.negated ? sql`NOT (${has})` : has;
    }
    case "filter": {
      const few = scope.isOfFew ? null : fewIds(condition.filter, scope);
      const passes = few === null ? passesFilter(condition.filter, scope) : sql`${scope.id} IN (${few.ids})`;
      return condition.negated ? sql`NOT (${passes})` : passes;
    }
  }
}

/** A chain of operators is as deep as it is long, and the platform's SQLite takes a depth of 100: halves of halves. */
export function balanced(parts: SQL[], operator: SQL): SQL {
  if (parts.length === 1) return sql.join(parts);
  const middle = Math.ceil(parts.length / 2);
  return sql`(${balanced(parts.slice(0, middle), operator)}${operator}${balanced(parts.slice(middle), operator)})`;
}

/** All messages that pass a filter, where they are few. */
interface Few {
  /** A query for their ids. */
  ids: SQL;
  count: number;
}

/** Null where they are many, or cannot be found without looking. */
export function fewIds(asked: Filter, { box, folders }: SearchedMailbox): Few | null {
  const filter = meant(asked, folders);
  switch (filter.kind) {
    case "in": {
      const named = foldersNamed(filter.folder, folders);
      const ids = named.map((row) => row.id);
      const count = named.reduce((sum, row) => sum + row.total, 0);
      if (ids.includes(ROLE_ID.all) || count > DRIVING_IDS) return null;
      if (ids.includes(ROLE_ID.flagged)) return { ids: sql`SELECT f.id FROM message f WHERE f.${FLAGGED}`, count };
      return { ids: sql`SELECT message_id FROM folder_message WHERE folder_id IN (${numbers(ids)})`, count };
    }
    case "is": {
      if (filter.state === "read") return null;
      if (filter.state === "muted") return fewOf(box, MUTED_IDS);
      if (filter.state === "snoozed") return ifFew(box, sql`f.${SNOOZED}`);
      if (filter.state === "woken") return fewWoken(box, folders);
      if (filter.state !== "unread") return ifFew(box, sql`f.${filter.state === "draft" ? DRAFT : FLAGGED}`);
      const count = folders.find((row) => row.id === ROLE_ID.all)?.unread ?? 0;
      return count <= DRIVING_IDS ? { ids: sql`SELECT message_id FROM unread`, count } : null;
    }
    case "has":
      return ifFew(box, sql`f.${ATTACHED}`, filter.what === "attachment" ? undefined : isOfKind(filter.what));
    case "rfc822msgid":
      return ifFew(box, sql`f.rfc_message_id = ${filter.message_id}`);
    case "before":
    case "after":
    case "larger":
    case "smaller":
    case "deliveredto":
      return null;
  }
}

const FLAGGED = sql.raw("is_flagged = 1");
const DRAFT = sql.raw("is_draft = 1");
const ATTACHED = sql.raw("has_attachment = 1");
const SNOOZED = sql.raw("snoozed_until IS NOT NULL");
/** A JSON list of strings: in quotes, a keyword is found as a whole or not at all. */
const WOKEN = sql`is_read = 0 AND instr(f.keywords, ${JSON.stringify(NEW)}) > 0`;
const MUTED_IDS = sql`SELECT f.id FROM muted_thread t CROSS JOIN message f ON f.thread_id = t.thread_id`;

/** What few messages are has an index of its own: `indexed` finds them, and `besides` holds for some of these. */
function ifFew(box: Mailbox, indexed: SQL, besides?: SQL): Few | null {
  const ids = sql`SELECT f.id FROM message f WHERE ${indexed}`;
  const few = fewOf(box, ids);
  return few !== null && besides !== undefined ? { ...few, ids: sql`${ids} AND ${besides}` } : few;
}

function fewOf({ db }: Mailbox, ids: SQL): Few | null {
  const { count } = db.get<{ count: number }>(sql`SELECT count(*) AS count FROM (${ids} LIMIT ${DRIVING_IDS + 1})`);
  return count > DRIVING_IDS ? null : { ids, count };
}

/** What came back is unread in the inbox, so it is looked for there where that is little. */
function fewWoken(box: Mailbox, folders: FolderRow[]): Few | null {
  const unread = folders.find((row) => row.id === ROLE_ID.inbox)?.unread ?? 0;
  if (unread > DRIVING_IDS) return null;
  const inInbox = sql`u.folder_id = ${integer(ROLE_ID.inbox)} AND f.${WOKEN}`;
  return fewOf(box, sql`SELECT f.id FROM unread u CROSS JOIN message f ON f.id = u.message_id WHERE ${inInbox}`);
}

/** The mark that every message has that passes, where messages with it have an index of their own. */
export function markOf(filter: Filter, folders: FolderRow[]): SQL | null {
  if (filter.kind === "has") return ATTACHED;
  if (filter.kind === "is" && filter.state === "flagged") return FLAGGED;
  if (filter.kind === "is" && filter.state === "draft") return DRAFT;
  const isFlaggedView = ({ id }: FolderRow) => id === ROLE_ID.flagged;
  return filter.kind === "in" && foldersNamed(filter.folder, folders).some(isFlaggedView) ? FLAGGED : null;
}

/** Gmail shows what is snoozed as a folder: `in:snoozed`, unless the owner has one of that name. */
function meant(filter: Filter, folders: FolderRow[]): Filter {
  const isView = filter.kind === "in" && filter.folder.toLowerCase() === "snoozed";
  return isView && foldersNamed(filter.folder, folders).length === 0 ? { kind: "is", state: "snoozed" } : filter;
}

function passesFilter(asked: Filter, { id, folders }: Scope): SQL {
  const filter = meant(asked, folders);
  switch (filter.kind) {
    case "in": {
      const ids = foldersNamed(filter.folder, folders).map((row) => row.id);
      if (ids.includes(ROLE_ID.all)) return sql`1`;
      return ids.includes(ROLE_ID.flagged) ? ofMessage(id, sql`f.${FLAGGED}`) : isIn(id, ids);
    }
    case "is":
      if (filter.state === "muted") return ofMessage(id, sql`f.thread_id IN (SELECT thread_id FROM muted_thread)`);
      return ofMessage(id, sql`f.${STATES[filter.state]}`);
    case "has":
      return ofMessage(
        id,
        filter.what === "attachment" ? sql`f.${ATTACHED}` : sql`f.${ATTACHED} AND ${isOfKind(filter.what)}`,
      );
    case "before":
      return sql`${id} < ${integer(firstIdAt(filter.at))}`;
    case "after":
      return sql`${id} >= ${integer(firstIdAt(filter.at))}`;
    case "larger":
      return ofMessage(id, sql`f.size > ${integer(filter.bytes)}`);
    case "smaller":
      return ofMessage(id, sql`f.size < ${integer(filter.bytes)}`);
    case "rfc822msgid":
      return ofMessage(id, sql`f.rfc_message_id = ${filter.message_id}`);
    case "deliveredto":
      // A JSON list of strings: in quotes, an address is found as a whole or not at all.
      return ofMessage(id, sql`instr(lower(f.delivered_to), ${JSON.stringify(filter.address)}) > 0`);
  }
}

const STATES = {
  read: sql.raw("is_read = 1"),
  unread: sql.raw("is_read = 0"),
  flagged: FLAGGED,
  draft: DRAFT,
  snoozed: SNOOZED,
  woken: WOKEN,
} as const;

/** A condition on the message's own row, `f`. */
const ofMessage = (id: SQL, condition: SQL): SQL =>
  exists(sql`SELECT 1 FROM message f WHERE f.id = ${id} AND ${condition}`);

export const isIn = (id: SQL, folderIds: number[]): SQL =>
  exists(sql`SELECT 1 FROM folder_message p WHERE p.folder_id IN (${numbers(folderIds)}) AND p.message_id = ${id}`);

/** The plus keeps SQLite from making a join of it: of twenty joins it loses the one whose MATCH must come first. */
const exists = (rows: SQL): SQL => sql`+EXISTS (${rows})`;

const ROLE_NAMES: Record<string, number> = {
  ...ROLE_ID,
  spam: ROLE_ID.junk,
  bin: ROLE_ID.trash,
  draft: ROLE_ID.drafts,
  starred: ROLE_ID.flagged,
  anywhere: ROLE_ID.all,
};

export function foldersNamed(name: string, folders: FolderRow[]): FolderRow[] {
  const wanted = name.normalize("NFC").toLowerCase();
  const role = Object.hasOwn(ROLE_NAMES, wanted) ? ROLE_NAMES[wanted] : undefined;
  if (role === ROLE_ID.all || role === ROLE_ID.flagged) return folders.filter((row) => row.id === role);
  return folders.filter((row) => row.id === role || row.name.toLowerCase() === wanted);
}

/** Our own integers, written out, unless there are many: a statement has an end as well as its parameters. */
function numbers(ids: number[]): SQL {
  return ids.length > 8
    ? sql`SELECT value FROM json_each(${JSON.stringify(ids)})`
    : sql.raw(ids.map(digits).join(", "));
}

/** The platform binds a number as a float. An index that is asked for rowids below a float would start at its end. */
export const integer = (number: number): SQL => sql.raw(digits(number));
const digits = (number: number): string => number.toFixed(0);
