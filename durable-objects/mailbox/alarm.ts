/**
 * The object's one alarm: when it rings, and what is done then. Whatever is due later, a submission, an import, a tidying,
 * is due by a column of its own; the alarm only wakes the object for the first of them.
 */
import type { ObjectEnv } from "../env.ts";
import { advanceRuns } from "./advance-runs.ts";
import { nextRun } from "./filter-runs.ts";
import { nextFollowUp, takeDueFollowUps } from "./follow-ups.ts";
import { handFollowUps, handToQueues } from "./hand-to-queues.ts";
import { hasReleases, releaseBytes, tidy } from "./housekeeping.ts";
import { nextDueImport, takeDueImports, tendImports } from "./import-queue.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { findOrphans } from "./orphans.ts";
import { nextDue, takeDue } from "./outbox.ts";
import { indexOlder, isIndexing } from "./reindex.ts";
import type { RetrySchedule } from "./retry-schedule.ts";
import { hasLessons, learnDue } from "./spam-lessons.ts";
import { nextNotice, takeNotice } from "./stop-notice.ts";
import { forgetExpiredUploads, nextExpiry } from "./uploads.ts";
import { nextWake, wakeDue } from "./wake.ts";

const DAY_MS = 24 * 3_600_000;
/** Deletions in R2 are gathered for a moment. */
const RELEASE_AFTER_MS = 5_000;
/** When messages could not be indexed or learnt from, R2 gets time to come back. */
const INDEX_RETRY_MS = 60_000;

export class MailboxAlarm {
  readonly #ctx: DurableObjectState;
  readonly #env: ObjectEnv;
  readonly #schedule: RetrySchedule;
  /** When it rings, as far as is known. */
  #at: number | null = null;
  /** Not before this moment is the indexing of older messages gone on with. */
  #indexAfter = 0;
  /** Nor is anything learnt before this one. */
  #learnAfter = 0;

  constructor(ctx: DurableObjectState, env: ObjectEnv, schedule: RetrySchedule) {
    this.#ctx = ctx;
    this.#env = env;
    this.#schedule = schedule;
  }

  /** What was set before the object was evicted. To be waited for before anything else is done. */
  async load(): Promise<void> {
    this.#at = await this.#ctx.storage.getAlarm();
  }

  /**
   * Rings for whatever is due first. Set in the same turn as the change, so that the platform writes both or neither: a
   * submission without its alarm would wait for a day.
   */
  set(box: Mailbox, goOnAt: number | null = null): void {
    const now = Date.now();
    const release = hasReleases(box) ? now + RELEASE_AFTER_MS : Infinity;
    const index = isIndexing(box.db) ? Math.max(now, this.#indexAfter) : Infinity;
    const lessons = hasLessons(box.db) ? Math.max(now, this.#learnAfter) : Infinity;
    const due = Math.min(nextDue(box.db) ?? Infinity, nextDueImport(box.db) ?? Infinity);
    // What could not be let go of is tried again, and not at once.
    const expiry = Math.max(nextExpiry(box.db) ?? Infinity, now + RELEASE_AFTER_MS);
    const notice = nextNotice(box.db, this.#ctx.storage.kv) ?? Infinity;
    const rules = Math.min(nextFollowUp(box.db) ?? Infinity, nextRun(box.db) ?? Infinity);
    const wake = nextWake(box.db, now);
    const soonest = Math.min(due, notice, rules, lessons, wake, release, index, expiry);
    const wanted = Math.min(soonest, goOnAt ?? Infinity, now + DAY_MS);
    if (this.#at !== null && this.#at <= wanted) return;
    this.#at = wanted;
    this.#ctx.waitUntil(this.#ctx.storage.setAlarm(wanted));
  }

  /** Does what is due. `announce` tells live clients of it. */
  async ring(box: Mailbox, announce: () => void): Promise<void> {
    const { storage } = this.#ctx;
    const env = this.#env;
    const now = Date.now();
    this.#at = null;
    const due = takeDue(box.db, this.#schedule, now);
    const dueImports = takeDueImports(box, now);
    const followUps = takeDueFollowUps(box.db, now);
    const mustTellStop = takeNotice(box.db, storage.kv, now);
    orLater("what is snoozed does not come back", () => wakeDue(box, now));
    const goOnAt = orLater("not tidied up", () => tidy(box, storage, env, now));
    announce();
    this.set(box, goOnAt);
    await quietly("queue does not answer, submissions stay due", () => handToQueues(env, box.user_id, due));
    await quietly("queue does not answer, follow-ups stay due", () => handFollowUps(env, box.user_id, followUps));
    if (mustTellStop) {
      const job = { user_id: box.user_id, stop_notice: true };
      await quietly("queue does not answer, the owner is told later", () => env.OUTBOUND.send(job));
    }
    await quietly("imports stay due", () => tendImports(box, storage, env, dueImports));
    await quietly("filter runs stay due", () => advanceRuns(box, env, now));
    announce();
    await quietly("orphans not found", () => findOrphans(box, storage, env, now));
    await quietly("expired uploads stay", () => forgetExpiredUploads(box, env, now));
    await quietly("bytes not released", () => releaseBytes(box, env));
    this.#indexAfter = Date.now() + INDEX_RETRY_MS;
    await quietly("older messages not indexed", async () => {
      await indexOlder(box, env);
      this.#indexAfter = 0;
    });
    this.#learnAfter = Date.now() + INDEX_RETRY_MS;
    await quietly("lessons stay due", async () => {
      await learnDue(box, env, now);
      this.#learnAfter = 0;
    });
    // What was found or is left makes the next alarm earlier.
    this.set(box, goOnAt);
  }
}

/** The same for a step that is done before anybody waits, so that the alarm is set in the same turn. */
function orLater<T>(what: string, step: () => T): T | null {
  try {
    return step();
  } catch (error) {
    console.error(what, error);
    return null;
  }
}

/** One step of the alarm: what it could not do is due again, and must not keep the others from being done. */
async function quietly(what: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    console.error(what, error);
  }
}
