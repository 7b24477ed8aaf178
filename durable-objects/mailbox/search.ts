/**
 * Search: a query in the user's language becomes one statement over the full-text index (search-statement.ts), and its
 * rows a page.
 */
import { sql } from "drizzle-orm";
import { MAX_QUERY_CHARACTERS } from "../../contract/limits.ts";
import type { SearchMessages, SearchPage } from "../../contract/search.ts";
import { parseQuery, type TakenAsWords } from "../../mail/query/parse-query.ts";
import { planSearch } from "../../mail/query/search-plan.ts";
import { body } from "../../schema/mailbox/tables.ts";
import { folderRows } from "./folders.ts";
import { Expansion } from "./index-terms.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { cursorOf, requireCursor } from "./object-ids.ts";
import { pageOf } from "./read-messages.ts";
import { isIndexing } from "./reindex.ts";
import { rememberSearch } from "./saved-searches.ts";
import { endOfWalk, found, mostRelevant, type Search, searchFor } from "./search-statement.ts";
import { estimateTotal } from "./search-total.ts";

export interface SearchAnswer {
  page: SearchPage;
  /** Of each message of the page its text, raw-deflated, for snippets: making them is work that others wait for here. */
  texts: (Uint8Array | null)[];
}

export function search(box: Mailbox, request: SearchMessages, now: number): SearchAnswer {
  const { limit, time_zone } = request;
  // Its further pages are the same search.
  if (request.remember && request.cursor === undefined) rememberSearch(box, request.q, now);
  const { query, taken_as_words } = parse(request);
  const expansion = new Expansion(box.db);
  const searched = { box, folders: folderRows(box.db) };
  const plan = planSearch(query, { now, time_zone, expand: (beginning) => expansion.of(beginning) });
  const wanted = searchFor(searched, plan, requireCursor(box, request.cursor));
  const isRanked = request.sort === "relevance" && wanted.hasWords;
  const { ids, page } = isRanked ? rankedPage(box, wanted, limit) : newestPage(box, wanted, limit);
  const facts = { taken_as_words, is_prefix_cut: expansion.isCut, is_indexing: isIndexing(box.db) };
  // All pages say the same: the cursor is no part of what is counted.
  const total = request.total ? { estimated_total: estimateTotal(searched, searchFor(searched, plan, undefined)) } : {};
  return { page: { ...page, ...facts, ...total }, texts: request.snippets ? textsOf(box, ids) : [] };
}

function newestPage(box: Mailbox, wanted: Search, limit: number) {
  const ids = found(box, wanted, limit + 1);
  const page = pageOf(box, ids, limit);
  // What was walked is not all there is: the next page goes on from there, and this one may be short, or empty.
  const end = ids.length > limit ? null : endOfWalk(box, wanted);
  if (end !== null) page.next_cursor = cursorOf(box, end);
  return { ids: ids.slice(0, limit), page };
}

/** The order of another page could have changed meanwhile, and a place in it is no key: there is one alone. */
function rankedPage(box: Mailbox, wanted: Search, limit: number) {
  const ids = mostRelevant(box, wanted, limit);
  return { ids, page: pageOf(box, ids, limit) };
}

/** A text of more bytes than this is not handed out for a snippet: the preview stands for it. */
const MAX_SNIPPET_BYTES = 32 * 1024;

function textsOf({ db }: Mailbox, ids: number[]): (Uint8Array | null)[] {
  const rows = db
    .select({ id: body.message_id, text: body.text })
    .from(body)
    .where(
      sql`${body.message_id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
        AND length(${body.text}) <= ${MAX_SNIPPET_BYTES}`,
    )
    .all();
  const byId = new Map(rows.map(({ id, text }) => [id, text]));
  return ids.map((id) => byId.get(id) ?? null);
}

function parse({ q: text, prefix }: SearchMessages) {
  const { query, taken_as_words } = parseQuery(text.slice(0, MAX_QUERY_CHARACTERS), { is_unfinished: prefix });
  if (text.length <= MAX_QUERY_CHARACTERS) return { query, taken_as_words };
  const rest: TakenAsWords = {
    at: MAX_QUERY_CHARACTERS,
    text: text.slice(MAX_QUERY_CHARACTERS, MAX_QUERY_CHARACTERS + 20).toWellFormed(),
    reason: "too_long",
  };
  return { query, taken_as_words: [...taken_as_words, rest] };
}
