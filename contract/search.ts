/** Searching on the wire. The language of `q` is described in docs/search.md. */
import { z } from "zod";
import { DEFAULT_PAGE, MAX_PAGE, MAX_QUERY_CHARACTERS } from "./limits.ts";
import { MessagePage, MessageSummary } from "./messages.ts";

/** A name of the IANA time zone database, or an offset such as `+05:30`. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "not a time zone");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    // Intl has no other way to say that it does not know the name.
    return false;
  }
}

/** In an address, or in a body. */
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")]).default(false);

export const SearchMessages = z
  .object({
    q: z.string().max(10 * MAX_QUERY_CHARACTERS),
    limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
    cursor: z.string().min(1).max(64).optional(),
    /** Where days begin, for `before:` and `after:`. */
    time_zone: TimeZone.default("UTC"),
    /** The query is still being typed: its last word also finds words that begin with it. */
    prefix: flag,
    /** Each message comes with the piece of it that was found. */
    snippets: flag,
    /** `relevance`: the best matches among the newest few thousand, in one page. */
    sort: z.enum(["newest", "relevance"]).default("newest"),
    /** The answer says how many messages there are in all, or about how many. */
    total: flag,
    /** It is one of the owner's recent searches from now on: see contract/saved-searches.ts. */
    remember: flag,
  })
  .refine(({ sort, cursor }) => sort === "newest" || cursor === undefined, {
    path: ["cursor"],
    message: "a search by relevance has one page",
  });
export type SearchMessages = z.infer<typeof SearchMessages>;

/** Plain text, and where in it the words stand that were searched for: offsets in UTF-16 units. */
export const MarkedText = z.object({
  text: z.string(),
  hits: z.array(z.object({ at: z.number().int(), length: z.number().int() })),
});

export const FoundMessage = MessageSummary.extend({
  /** Where it was asked for. `body` is a piece of the text around the hits, or its beginning. */
  snippet: z.object({ subject: MarkedText, body: MarkedText }).optional(),
});
export type FoundMessage = z.infer<typeof FoundMessage>;

export const SearchPage = MessagePage.extend({
  messages: z.array(FoundMessage),
  /** Parts of the query that look like an operator but are not one: they were searched as words. */
  taken_as_words: z.array(z.object({ at: z.number().int(), text: z.string(), reason: z.string() })),
  /** More words begin with what is being typed than are searched for. */
  is_prefix_cut: z.boolean(),
  /** Where it was asked for: of the whole answer, not of this page. */
  estimated_total: z.object({ messages: z.number().int(), is_exact: z.boolean() }).optional(),
  /** The index is being made anew: older messages are not found yet. */
  is_indexing: z.boolean(),
});
export type SearchPage = z.infer<typeof SearchPage>;
