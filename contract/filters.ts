/** Filters on the wire: what is done with mail that comes, and at the owner's wish with mail that is here. */
import { z } from "zod";
import { FolderId, UserId } from "./ids.ts";
import {
  MAX_ADDRESS_OCTETS,
  MAX_ANSWER_CHARACTERS,
  MAX_FILTERS,
  MAX_FORWARDS,
  MAX_HEADER_MATCHES,
  MAX_KEYWORDS,
  MAX_PAGE,
  MAX_QUERY_CHARACTERS,
} from "./limits.ts";
import { Keyword, MessageSummary } from "./messages.ts";
import { TimeZone } from "./search.ts";

const identifier = z.string().regex(/^[0-9a-hjkmnp-tv-z]{16}$/, "not an id");
export const FilterId = identifier.brand<"FilterId">();
export type FilterId = z.infer<typeof FilterId>;
export const FilterRunId = identifier.brand<"FilterRunId">();
export type FilterRunId = z.infer<typeof FilterRunId>;

/** RFC 5322 §3.6.8: what a field's name is made of. */
const FieldName = z
  .string()
  .max(100)
  .regex(/^[\x21-\x39\x3b-\x7e]+$/, "not the name of a header field");

/** Text of a field is compared without regard to case, encoded-words decoded (RFC 2047), unfolded. */
export const HeaderMatch = z.discriminatedUnion("match", [
  z.strictObject({ field: FieldName, match: z.literal("exists"), is_not: z.boolean().default(false) }),
  z.strictObject({
    field: FieldName,
    /** `matches`: the whole of it, `*` being any characters and `?` one. */
    match: z.enum(["contains", "is", "matches"]),
    value: z.string().min(1).max(200),
    /** No field of the name matches. */
    is_not: z.boolean().default(false),
  }),
]);
export type HeaderMatch = z.infer<typeof HeaderMatch>;

/** All of them hold. What asks for all mail says so: `in:anywhere`. */
export const FilterConditions = z
  .strictObject({
    /** In the language of searches; it means the same here. */
    query: z.string().trim().max(MAX_QUERY_CHARACTERS).default(""),
    /** Where days begin, for `before:` and `after:`. */
    time_zone: TimeZone.default("UTC"),
    headers: z.array(HeaderMatch).max(MAX_HEADER_MATCHES).default([]),
  })
  .refine(({ query, headers }) => query !== "" || headers.length > 0, "a condition is missing");
export type FilterConditions = z.infer<typeof FilterConditions>;

const Folders = z.array(FolderId).max(20);

export const FilterActions = z
  .strictObject({
    /** Out of the inbox and into these. */
    move_to: Folders.default([]),
    /** Into these as well. */
    add_to: Folders.default([]),
    is_read: z.literal(true).optional(),
    is_flagged: z.literal(true).optional(),
    keywords: z.array(Keyword).max(MAX_KEYWORDS).default([]),
    archive: z.literal(true).optional(),
    /** To the trash. */
    delete: z.literal(true).optional(),
    /** `never`: it is no spam, whatever it looks like. `always`: it is. */
    junk: z.enum(["never", "always"]).optional(),
    forward_to: z.array(z.string().min(3).max(MAX_ADDRESS_OCTETS)).max(MAX_FORWARDS).default([]),
    /** Once a day to each sender, and never to what nobody wrote. */
    reply: z
      .strictObject({
        /** Null: "Auto:" and the subject of the message. */
        subject: z.string().trim().min(1).max(500).nullable().default(null),
        body: z.string().min(1).max(MAX_ANSWER_CHARACTERS),
        body_html: z.string().max(MAX_ANSWER_CHARACTERS).nullable().default(null),
      })
      .optional(),
    /** No further filter sees the message. */
    stop: z.literal(true).optional(),
  })
  .refine((actions) => Object.values(actions).some((one) => !Array.isArray(one) || one.length > 0), "nothing to do");
export type FilterActions = z.infer<typeof FilterActions>;

const name = z.string().normalize("NFC").trim().max(100);

export const Filter = z.object({
  id: FilterId,
  user_id: UserId,
  name: z.string(),
  is_enabled: z.boolean(),
  conditions: FilterConditions,
  actions: FilterActions,
  created_at: z.iso.datetime(),
});
export type Filter = z.infer<typeof Filter>;

/** In the order in which they are asked. */
export const FilterList = z.object({ filters: z.array(Filter) });
export type FilterList = z.infer<typeof FilterList>;

export const CreateFilter = z.strictObject({
  name: name.default(""),
  is_enabled: z.boolean().default(true),
  conditions: FilterConditions,
  actions: FilterActions,
});
export type CreateFilter = z.infer<typeof CreateFilter>;

/** `conditions` and `actions` are given whole. */
export const UpdateFilter = z
  .strictObject({
    name: name.optional(),
    is_enabled: z.boolean().optional(),
    conditions: FilterConditions.optional(),
    actions: FilterActions.optional(),
  })
  .refine((update) => Object.keys(update).length > 0, "nothing to change");
export type UpdateFilter = z.infer<typeof UpdateFilter>;

/** `PUT /v1/filters/order`: each filter once. */
export const FilterOrder = z.strictObject({ ids: z.array(FilterId).max(MAX_FILTERS) });
export type FilterOrder = z.infer<typeof FilterOrder>;

/** `POST /v1/filters/test` */
export const TestFilter = z.strictObject({
  conditions: FilterConditions,
  limit: z.number().int().min(1).max(MAX_PAGE).default(10),
});
export type TestFilter = z.infer<typeof TestFilter>;

export const FilterTest = z.object({
  /** The newest that match. */
  messages: z.array(MessageSummary),
  /** Among the newest thousand that the query finds; where headers are asked for, among the newest two hundred. */
  matched: z.number().int(),
  /** There are no others: `matched` is all. */
  is_complete: z.boolean(),
});
export type FilterTest = z.infer<typeof FilterTest>;

/** How far a run is, as it is kept. */
export const RunProgress = z.object({
  /** In all, as it was when the run began. */
  messages: z.number().int(),
  looked_at: z.number().int(),
  matched: z.number().int(),
  /** Of which something was done: others were so already. */
  changed: z.number().int(),
  /** Messages whose bytes could not be read, so that their header is not known. */
  unreadable: z.number().int(),
  /** Messages with this id and above were looked at. */
  below: z.number().int(),
  /** How often in a row it could not go on. */
  failures: z.number().int(),
  /** What is asked and done: the filter as it was when the run began. */
  conditions: FilterConditions,
  actions: FilterActions,
});
export type RunProgress = z.infer<typeof RunProgress>;

export const FilterRun = z.object({
  id: FilterRunId,
  user_id: UserId,
  filter_id: FilterId,
  state: z.enum(["running", "done", "failed", "cancelled"]),
  created_at: z.iso.datetime(),
  ...RunProgress.pick({ messages: true, looked_at: true, matched: true, changed: true, unreadable: true }).shape,
});
export type FilterRun = z.infer<typeof FilterRun>;
export const FilterRunList = z.object({ runs: z.array(FilterRun) });
