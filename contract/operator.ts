/** The operator's view of mail on its way out: `/v1/admin/queue`. Under the admin secret, as all of `/v1/admin`. */
import { z } from "zod";
import { UserId } from "./ids.ts";

/** The one Directory of a deployment goes by this name. */
export const DIRECTORY = "destinations";

/** What recipients are counted by. `delivered`: in a mailbox of this mesh, or said so by the transport later. */
export const CountedResult = z.enum(["sent", "delivered", "deferred", "failed", "bounced", "complained"]);
export type CountedResult = z.infer<typeof CountedResult>;

/** A submission that waits, as one segment of a path: whose it is, and its number there. */
const QUEUED_ID = /^(u[0-9a-hjkmnp-tv-z]{16})\.([1-9]\d{0,15})$/;
export const QueuedId = z.string().regex(QUEUED_ID, "not the id of a submission that waits");

export const queuedId = (userId: string, submissionId: number): string => `${userId}.${submissionId}`;

export function parseQueuedId(id: string): { user_id: UserId; submission_id: number } {
  const [, userId, number] = QUEUED_ID.exec(id) ?? [];
  return { user_id: UserId.parse(userId), submission_id: Number(number) };
}

const Totals = z.object({
  submissions: z.number().int(),
  recipients: z.number().int(),
  /** Since when the first of them waits. */
  oldest_at: z.iso.datetime().nullable(),
});

export const QueueCause = z.object({
  /** Enhanced status code (RFC 3463). */
  status: z.string(),
  /** The words of one of the answers. */
  reply: z.string(),
  submissions: z.number().int(),
  recipients: z.number().int(),
});

export const QueueThrottle = z.object({
  /** How many transactions may run at once, and begin in a minute. */
  concurrency: z.number().int(),
  per_minute: z.number().int(),
  paused_until: z.iso.datetime().nullable(),
});

export const QueuedDestination = Totals.extend({
  destination: z.string(),
  causes: z.array(QueueCause),
  throttle: QueueThrottle,
});
export type QueuedDestination = z.infer<typeof QueuedDestination>;

/** What the platform says is in a queue; null where it does not say. */
const Backlog = z.object({ messages: z.number(), bytes: z.number(), oldest_at: z.iso.datetime().nullable() });
export type Backlog = z.infer<typeof Backlog>;

/** `GET /v1/admin/queue?limit&cursor` */
export const QueueView = z.object({
  totals: Totals.extend({ destinations: z.number().int() }),
  destinations: z.array(QueuedDestination),
  next_cursor: z.string().nullable(),
  /** A thousand stands for as many or more. */
  dead_letters: z.number().int(),
  queues: z.object({ inbound: Backlog.nullable(), outbound: Backlog.nullable() }),
});
export type QueueView = z.infer<typeof QueueView>;

/** `GET /v1/admin/queue/{destination}?limit&cursor`: the longest waiting first. */
export const QueueDestinationView = QueuedDestination.extend({
  /** Transactions that run now. */
  running: z.number().int(),
  waiting: z.array(
    z.object({
      id: QueuedId,
      user_id: UserId,
      recipients: z.number().int(),
      status: z.string(),
      reply: z.string(),
      first_deferred_at: z.iso.datetime(),
      next_attempt_at: z.iso.datetime(),
    }),
  ),
  next_cursor: z.string().nullable(),
});
export type QueueDestinationView = z.infer<typeof QueueDestinationView>;

export const AskQueue = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(400).optional(),
});

/** `POST /v1/admin/queue/{destination}/retry` 200: repeat it until nothing is left. */
export const QueueRetried = z.object({ retried: z.number().int(), left: z.number().int() });

/** The history of the queue: a point for so many seconds, for so many days. */
export const QUEUE_POINT_SECONDS = 600;
export const QUEUE_HISTORY_DAYS = 7;

export const AskQueueHistory = z.object({
  /** Points from here on; without it, all. */
  since: z.iso.datetime({ offset: true }).optional(),
});

/** `GET /v1/admin/queue-history?since`: oldest first. */
export const QueueHistory = z.object({
  /** How long a point stands for. */
  interval_seconds: z.number().int(),
  /** The most that was seen in its time. There is none for a time in which the mesh did not run. */
  points: z.array(
    z.object({
      at: z.iso.datetime(),
      submissions: z.number().int(),
      recipients: z.number().int(),
      /** How long the oldest had waited. */
      oldest_seconds: z.number().int(),
    }),
  ),
});
export type QueueHistory = z.infer<typeof QueueHistory>;
