/** How many messages a search finds in all, without counting them all. */
import { sql } from "drizzle-orm";
import type { SearchPage } from "../../contract/search.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { integer, type SearchedMailbox } from "./search-filters.ts";
import { endOfWalk, newest, type Search } from "./search-statement.ts";

/** Up to so many messages are counted. */
const COUNTED = 1000;

type Total = NonNullable<SearchPage["estimated_total"]>;

/**
 * Exact up to COUNTED messages, and where all could be looked at. Beyond, mail is taken to come evenly: as many a day
 * before what was looked at as in it.
 */
export function estimateTotal({ box, folders }: SearchedMailbox, search: Search): Total {
  const { n, oldest } = box.db.get<{ n: number; oldest: number | null }>(
    sql`SELECT count(*) AS n, min(id) AS oldest FROM (${newest(search, COUNTED + 1)})`,
  );
  const end = n > COUNTED ? oldest : endOfWalk(box, search);
  if (end === null) return { messages: n, is_exact: true };
  const { first, last } = span(box, search);
  const share = (last - first) / Math.max(1, last - end);
  const all = folders.find(({ id }) => id === ROLE_ID.all)?.total ?? n;
  return { messages: Math.max(n, Math.min(all, Math.round(n * share))), is_exact: false };
}

/** The oldest and the newest message that could be an answer. */
function span(box: Mailbox, { range: { from, to } }: Search): { first: number; last: number } {
  const within = sql`id >= ${integer(from)} AND id < ${integer(to)}`;
  const one = (order: "ASC" | "DESC") =>
    box.db.all<{ id: number }>(sql`SELECT id FROM message WHERE ${within} ORDER BY id ${sql.raw(order)} LIMIT 1`)[0]
      ?.id;
  return { first: one("ASC") ?? 0, last: one("DESC") ?? 0 };
}
