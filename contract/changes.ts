/** What changed since a state: the answer of `GET /v1/changes`, and what live events push. After RFC 8620 §5.2. */
import { z } from "zod";
import { MAX_WAIT_SECONDS } from "./limits.ts";

export const ChangeSet = z.object({
  created: z.array(z.string()),
  changed: z.array(z.string()),
  destroyed: z.array(z.string()),
});
export type ChangeSet = z.infer<typeof ChangeSet>;

/**
 * What an account has one of, or few: named by its path below `/v1`, where it is read anew. Their order is how the log
 * knows them: add at the end.
 */
export const ChangedResource = z.enum([
  "settings",
  "identities",
  "templates",
  "searches",
  "filters",
  "sieve",
  "vacation",
  "blocked-senders",
  "never-junk-senders",
  "image-senders",
  "sessions",
  "tokens",
  "aliases",
  "suppressions",
]);
export type ChangedResource = z.infer<typeof ChangedResource>;

export const Changes = z.object({
  since: z.string(),
  /** The state these changes lead to. */
  state: z.string(),
  /** More changes follow: ask again since `state`. */
  has_more: z.boolean(),
  message: ChangeSet,
  thread: ChangeSet,
  folder: ChangeSet,
  submission: ChangeSet,
  /** Messages that are drafts; they are among `message` as well. */
  draft: ChangeSet,
  /** An import that got on is `changed`: ask for it. */
  import: ChangeSet,
  /** Read these anew. */
  resources: z.array(ChangedResource),
});
export type Changes = z.infer<typeof Changes>;

export const GetChanges = z.object({
  /** A state from an earlier answer. Without it the answer is the present state and no changes. */
  since: z
    .string()
    .regex(/^\d{1,15}$/, "not a state")
    .optional(),
  /** Seconds to hold the request open until something changes. */
  wait: z.coerce.number().int().min(0).max(MAX_WAIT_SECONDS).default(0),
});

/** Over the socket: `hello` on connecting, then `changes` for each transaction. */
export const LiveEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), state: z.string() }),
  Changes.extend({ type: z.literal("changes") }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;
