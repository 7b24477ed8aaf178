/** What a filter would match of the mail that is here: the newest, and how many of those that a search looks at. */
import type { FilterConditions } from "../../contract/filters.ts";
import { isReceived } from "./advance-runs.ts";
import { planOf, requireConditions } from "./filter-conditions.ts";
import { folderRows } from "./folders.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { messagesById } from "./read-messages.ts";
import { endOfWalk, found, searchFor } from "./search-statement.ts";

/** Counted up to so many; where headers have to be read, which is a request each, up to fewer. */
const COUNTED = 1000;
const HEADERS_READ = 200;

export interface Candidates {
  /** Newest first: what the query finds. */
  messages: { id: number; raw_key: string }[];
  /** All that there are. */
  is_complete: boolean;
}

export function candidatesFor(box: Mailbox, conditions: FilterConditions, now: number): Candidates {
  requireConditions(box, conditions);
  const limit = conditions.headers.length === 0 ? COUNTED : HEADERS_READ;
  const search = searchFor({ box, folders: folderRows(box.db) }, planOf(conditions, now), undefined);
  const ids = found(box, search, limit + 1);
  const rows = messagesById(box.db, ids.slice(0, limit)).filter(isReceived);
  const is_complete = ids.length <= limit && endOfWalk(box, search) === null;
  return { messages: rows.map(({ id, raw_key }) => ({ id, raw_key })), is_complete };
}
