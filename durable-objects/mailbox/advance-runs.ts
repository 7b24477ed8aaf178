/** One step of the runs of filters that are under way: see filter-runs.ts. */
import { desc, lt } from "drizzle-orm";
import { matchesHeaders } from "../../mail/filters/header-match.ts";
import { message } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { planOf } from "./filter-conditions.ts";
import { placedBy } from "./filter-effects.ts";
import { isRunning, type RunStep, saveProgress, takeDueRuns } from "./filter-runs.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { folderRows } from "./folders.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { Placing } from "./placement.ts";
import { type HeldMessage, messagesById } from "./read-messages.ts";
import { foundAmong } from "./search-statement.ts";
import { readHeaderBytes } from "./stored-bytes.ts";
import { change } from "./update-messages.ts";

/** Messages that one step looks at. */
const LOOKED_AT = 200;
/** Those of which the header is read from R2, or that are changed: each is a dozen rows. */
const CHANGED = 25;

/** Runs are gone on with one after the other, a step each. What fails is due again: the row says so already. */
export async function advanceRuns(box: Mailbox, env: ObjectEnv, now: number): Promise<void> {
  const failures: unknown[] = [];
  for (const run of takeDueRuns(box.db, now)) {
    try {
      await step(box, env, run, now);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} filter runs`);
}

async function step(box: Mailbox, env: ObjectEnv, run: RunStep, now: number): Promise<void> {
  const { progress } = run;
  const ids = idsBelow(box.db, progress.below, LOOKED_AT);
  const asked = ask(box, run, ids);
  // No more than can be done in one step: where that ends, the next begins.
  const found = asked.slice(0, CHANGED);
  const last = asked.length > CHANGED ? (found.at(-1) ?? null) : null;
  const looked = last === null ? ids : ids.filter((id) => id >= last);
  const { matched, unreadable } = await askHeaders(box, env, run, found);
  box.db.transaction(() => {
    // Cancelled meanwhile.
    if (!isRunning(box.db, run.id)) return;
    // While headers were read, a message may have gone elsewhere.
    const still = ask(box, run, matched);
    const counts = {
      looked_at: progress.looked_at + looked.length,
      matched: progress.matched + still.length,
      changed: progress.changed + apply(box, run, still),
      unreadable: progress.unreadable + unreadable,
      below: looked.at(-1) ?? progress.below,
    };
    const isOver = last === null && ids.length < LOOKED_AT;
    saveProgress(box.db, run.id, { ...progress, ...counts }, isOver, now);
  });
}

/** Newest first. */
const idsBelow = (db: MailboxDb, below: number, limit: number): number[] =>
  db
    .select({ id: message.id })
    .from(message)
    .where(lt(message.id, below))
    .orderBy(desc(message.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);

/** Those that the query finds and that came from somebody else, newest first. */
function ask(box: Mailbox, { created_at, progress }: RunStep, ids: number[]): number[] {
  const plan = planOf(progress.conditions, created_at);
  const found = foundAmong({ box, folders: folderRows(box.db) }, plan, ids, progress.actions.junk === "never");
  return messagesById(box.db, found)
    .filter(isReceived)
    .map(({ id }) => id)
    .sort((a, b) => b - a);
}

/** What the owner wrote is no filter's to move. */
export const isReceived = ({ folder_ids, is_draft }: Pick<HeldMessage, "folder_ids" | "is_draft">): boolean =>
  !is_draft && !folder_ids.includes(ROLE_ID.sent);

/** Those of them whose header has what is asked for as well. Where the bytes are gone, nobody can say. */
async function askHeaders(box: Mailbox, env: ObjectEnv, { progress }: RunStep, ids: number[]) {
  const { headers } = progress.conditions;
  if (headers.length === 0) return { matched: ids, unreadable: 0 };
  const matched: number[] = [];
  let unreadable = 0;
  for (const { id, raw_key } of messagesById(box.db, ids)) {
    const header = await readHeaderBytes(env, raw_key);
    if (header === null) unreadable++;
    else if (matchesHeaders(header, headers)) matched.push(id);
  }
  return { matched, unreadable };
}

/** Returns how many are otherwise now. */
function apply(box: Mailbox, { progress }: RunStep, ids: number[]): number {
  const placing = new Placing(box.db);
  let [changed, modseq] = [0, 0];
  for (const row of messagesById(box.db, ids)) {
    const done = change(box.db, row, placedBy(box, row, [progress.actions]), placing);
    if (done === null) continue;
    changed++;
    modseq = done;
  }
  placing.settle(modseq);
  return changed;
}
