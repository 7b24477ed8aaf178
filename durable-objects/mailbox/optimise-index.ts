/**
 * Merges the full-text index into one segment, once a week where enough has changed: each delivery leaves a small one,
 * and what was deleted stays in the old ones until they are merged. FTS5's `optimize`, in steps that nobody notices:
 * see docs/decisions/0016-the-index-is-merged-once-a-week.md.
 */
import { sql } from "drizzle-orm";
import { currentState } from "./change-log.ts";
import type { Mailbox } from "./mailbox-database.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
/** Changes in the log since the last time, below which there is nothing to gain. */
const WORTH_CHANGES = 1000;
/** Pages of the index that one step merges: a few milliseconds. */
const STEP_PAGES = 64;

/** Where the progress is kept, in the object's own storage. */
const PROGRESS = "optimised";
interface Progress {
  isRunning: boolean;
  /** When the last one ended, and the state of the log then. */
  at: number;
  state: number;
}

/** One step, if one is due. Returns whether there is more to do. */
export function optimiseIndex({ db }: Mailbox, { kv }: DurableObjectStorage, now: number): boolean {
  const { isRunning, at, state } = kv.get<Progress>(PROGRESS) ?? { isRunning: false, at: 0, state: 0 };
  const present = currentState(db);
  if (!isRunning && (now < at + WEEK_MS || present - state < WORTH_CHANGES)) return false;
  const changes = () => db.get<{ n: number }>(sql`SELECT total_changes() AS n`).n;
  const before = changes();
  // The first step takes in all segments (a negative rank); what follows goes on with that merge.
  const rank = isRunning ? STEP_PAGES : -STEP_PAGES;
  db.run(sql.raw(`INSERT INTO message_index (message_index, rank) VALUES ('merge', ${rank})`));
  const isMore = changes() - before >= 2;
  kv.put(
    PROGRESS,
    (isMore ? { isRunning: true, at, state } : { isRunning: false, at: now, state: present }) satisfies Progress,
  );
  return isMore;
}
