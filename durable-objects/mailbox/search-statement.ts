/**
 * The SQL of a search.
 *
 * The index's rowid is the message's id, so newest first is its own order, a date is a range of rowids, and the scan
 * stops at the page's end. Without words a folder's list is walked, or the messages. What is rare drives: a filter that
 * few messages pass gives their ids (`IN`). What is not is asked of each hit (`EXISTS`, a primary-key lookup), and a
 * walk that is asked so ends after WALKED messages, so that no search takes longer because the mailbox is larger: what
 * was found is a page, and its cursor goes on from where the walk ended.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Condition, Filter, SearchPlan } from "../../mail/query/search-plan.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import type { FolderRow, Mailbox } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";
import {
  balanced,
  fewIds,
  foldersNamed,
  holds,
  integer,
  isIn,
  markOf,
  type SearchedMailbox,
} from "./search-filters.ts";

/** So many messages are looked at for one page. It takes 2 to 3 ms, and 8 to find no file of a kind. */
const WALKED = 5000;

/** FTS5 looks up each phrase for each id that it is asked about: 20 µs. Beyond, the walk asks whether an id is there. */
const MAX_LOOKUPS = 300;

/** What is walked, newest first. */
interface Source {
  table: SQL;
  /** The message's id in it. */
  id: SQL;
}
const WORDS: Source = { table: sql`message_index`, id: sql`message_index.rowid` };
const MESSAGES: Source = { table: sql`message`, id: sql`message.id` };
const FOLDER: Source = { table: sql`folder_message`, id: sql`folder_message.message_id` };

/** What is walked. */
interface Walk {
  source: Source;
  /** The ids between which the answer is: from the first, below the second. */
  range: { from: number; to: number };
  driving: SQL[];
  /** It goes over the few messages that pass some filter. */
  isFew: boolean;
}

/** What is walked, and what is asked of each message on the way. */
export interface Search extends Walk {
  asked: SQL[];
  /** There are words, so hits can be compared by how well they match. */
  hasWords: boolean;
}

/** `before`: only messages older than this id. */
export function searchFor(searched: SearchedMailbox, plan: SearchPlan, before: number | undefined): Search {
  const { folders } = searched;
  const inOne = plan.match === null ? oneFolder(plan.conditions, folders) : null;
  const source = plan.match !== null ? WORDS : inOne !== null ? FOLDER : MESSAGES;
  const { range, others } = rangeOf(plan.conditions, before ?? Number.MAX_SAFE_INTEGER);
  const { from, to } = range;
  const driving = [sql`${source.id} >= ${integer(from)}`, sql`${source.id} < ${integer(to)}`];
  if (plan.match !== null) driving.push(sql`message_index MATCH ${plan.match}`);
  if (inOne !== null) driving.push(sql`folder_message.folder_id = ${integer(inOne.folderId)}`);
  const asked: Condition[] = [];
  let isFew = false;
  for (const condition of others.filter((one) => one !== inOne?.condition)) {
    const filter = condition.kind === "filter" && !condition.negated ? condition.filter : null;
    // The messages with a mark have an index of their own, newest first.
    const mark = filter !== null && source === MESSAGES ? markOf(filter, folders) : null;
    const few = filter !== null && mark === null ? fewIds(filter, searched) : null;
    if (mark !== null) driving.push(sql`message.${mark}`);
    if (few !== null && few.count * phrasesIn(plan.match) <= MAX_LOOKUPS) {
      isFew = true;
      driving.push(sql`${source.id} IN (${few.ids})`);
    } else if (mark === null || isMoreThanMark(filter)) asked.push(condition);
  }
  const walk = { source, range, driving, isFew };
  const scope = { ...searched, id: sql`w.id`, range: once(() => walkedRange(searched.box, walk)) };
  const seen = namesFolder(plan.conditions) ? [] : [notThrownAway(scope.id)];
  // Last: hardly a message is there, and what was asked for leaves few.
  const questions = [...asked.map((condition) => holds(condition, scope)), ...seen];
  return { ...walk, asked: questions, hasWords: source === WORDS };
}

const phrasesIn = (match: string | null): number => (match?.split('"').length ?? 1) / 2;

const isMoreThanMark = (filter: Filter | null) => filter?.kind === "has" && filter.what !== "attachment";

/** The newest of the messages that are searched for. */
export function found(box: Mailbox, search: Search, limit: number): number[] {
  return box.db.all<{ id: number }>(newest(search, limit)).map(({ id }) => id);
}

/** A statement for their ids. */
export function newest({ asked, ...walk }: Search, limit: number): SQL {
  if (asked.length === 0) return walked(walk, sql`${Math.min(limit, WALKED)}`);
  return sql`SELECT w.id AS id FROM (${walked(walk)}) w WHERE ${balanced(asked, sql` AND `)} LIMIT ${limit}`;
}

/**
 * Those of these messages that a search would find, if it looked at no others: what a filter asks of a message that has
 * just come. `seesAll`: also what lies in trash or junk.
 */
export function foundAmong(searched: SearchedMailbox, plan: SearchPlan, ids: number[], seesAll = false): number[] {
  if (ids.length === 0) return [];
  const range = sql`rowid >= ${integer(Math.min(...ids))} AND rowid <= ${integer(Math.max(...ids))}`;
  const scope = { ...searched, id: sql`w.id`, range: () => range, isOfFew: true };
  const words: Condition[] = plan.match === null ? [] : [{ kind: "match", match: plan.match, negated: false }];
  const asked = [...words, ...plan.conditions].map((condition) => holds(condition, scope));
  const isSeen = seesAll || namesFolder(plan.conditions) ? sql`1` : notThrownAway(scope.id);
  const list = sql`SELECT value AS id FROM json_each(${JSON.stringify(ids)})`;
  const statement = sql`SELECT w.id AS id FROM (${list}) w WHERE ${balanced([...asked, isSeen], sql` AND `)}`;
  return searched.box.db.all<{ id: number }>(statement).map(({ id }) => id);
}

/** As in Gmail: what was thrown away is found only by those who look there. */
const notThrownAway = (id: SQL): SQL => sql`NOT ${isIn(id, [ROLE_ID.trash, ROLE_ID.junk])}`;

/** In the order of INDEX_COLUMNS: a word in the subject says more than one in the body. */
const WEIGHTS = "10, 5, 2, 2, 2, 1, 3, 1";
const SCORE = sql.raw(`, bm25(message_index, ${WEIGHTS}) AS score`);

/** The best matches among the newest WALKED. */
export function mostRelevant(box: Mailbox, { asked, ...walk }: Search, limit: number): number[] {
  const where = asked.length === 0 ? sql`` : sql`WHERE ${balanced(asked, sql` AND `)}`;
  const scored = walked(walk, undefined, SCORE);
  const statement = sql`SELECT w.id AS id FROM (${scored}) w ${where} ORDER BY w.score, w.id DESC LIMIT ${limit}`;
  return box.db.all<{ id: number }>(statement).map(({ id }) => id);
}

/** The last message that was looked at, if there are others behind it that were not. */
export function endOfWalk(box: Mailbox, walk: Walk): number | null {
  if (walk.isFew) return null;
  const [last, next] = box.db.all<{ id: number }>(walked(walk, sql`2 OFFSET ${WALKED - 1}`));
  return last !== undefined && next !== undefined ? last.id : null;
}

function walked({ source, driving }: Walk, limit = sql`${WALKED}`, besides = sql``): SQL {
  const conditions = balanced(driving, sql` AND `);
  return sql`SELECT ${source.id} AS id${besides} FROM ${source.table} WHERE ${conditions}
    ORDER BY ${source.id} DESC LIMIT ${limit}`;
}

/** The ids between which the walk goes, for what is looked up beside it. */
function walkedRange(box: Mailbox, walk: Walk): SQL {
  const { from, to } = walk.range;
  return sql`rowid >= ${integer(endOfWalk(box, walk) ?? from)} AND rowid < ${integer(to)}`;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
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
  return { range: { from, to }, others };
}

/** The one folder that every message of the answer is in, if the query says so: its list is walked instead of all. */
function oneFolder(conditions: Condition[], folders: FolderRow[]): { folderId: number; condition: Condition } | null {
  for (const condition of conditions) {
    if (condition.kind !== "filter" || condition.negated || condition.filter.kind !== "in") continue;
    const [only, other] = foldersNamed(condition.filter.folder, folders);
    if (only !== undefined && other === undefined && !isView(only.id)) return { folderId: only.id, condition };
  }
  return null;
}

/** Whether the user asks for a folder. Asking for what is not in one asks for none. */
function namesFolder(conditions: Condition[]): boolean {
  return conditions.some((condition) => {
    if (condition.kind === "and" || condition.kind === "or") return namesFolder(condition.of);
    return condition.kind === "filter" && condition.filter.kind === "in" && !condition.negated;
  });
}
