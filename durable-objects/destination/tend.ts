/** What the alarm does: asks after what nobody spoke of, and tells the Directory how things stand. */
import { DIRECTORY } from "../../contract/operator.ts";
import { domainOf } from "../../mail/address/address.ts";
import type { Entry } from "../directory/entries.ts";
import type { ObjectEnv } from "../env.ts";
import { readCounters } from "./counters.ts";
import type { DestinationDb } from "./destination-database.ts";
import { readThrottle } from "./slots.ts";
import {
  keepWaiting,
  noLongerWaits,
  setNextAttempt,
  stale,
  type WaitingRow,
  waitingCauses,
  waitingTotals,
} from "./waiting.ts";

const ASKED_AT_ONCE = 40;

export async function askAfterStale(db: DestinationDb, env: ObjectEnv, name: string, now: number): Promise<void> {
  await Promise.all(stale(db, now, ASKED_AT_ONCE).map((row) => askAfter(db, env, name, row, now)));
}

async function askAfter(db: DestinationDb, env: ObjectEnv, name: string, row: WaitingRow, now: number): Promise<void> {
  try {
    const open = await env.MAILBOX.getByName(row.user_id).openSubmission(row.submission_id);
    const mine = open?.rcpt_to.filter((address) => domainOf(address) === name) ?? [];
    if (open === null || mine.length === 0) noLongerWaits(db, row);
    else {
      // What is late already is asked after again a while from now.
      const next_attempt_at = Math.max(open.next_attempt_at, now);
      keepWaiting(db, { ...row, recipients: mine.length, cause: null, next_attempt_at }, now);
    }
  } catch (error) {
    console.error("mailbox does not say what waits", { user_id: row.user_id, error });
    setNextAttempt(db, row, now);
  }
}

export async function tellDirectory(db: DestinationDb, env: ObjectEnv, name: string, now: number): Promise<void> {
  const { concurrency, per_minute, paused_until } = readThrottle(db);
  const entry: Entry = {
    name,
    ...waitingTotals(db),
    causes: waitingCauses(db),
    ...{ concurrency, per_minute, paused_until },
    counters: readCounters(db),
    said_at: now,
  };
  await env.DIRECTORY.getByName(DIRECTORY).said(entry);
}
