/**
 * What the alarm tidies up. Each step is short, repeatable, and says whether it has more to do: then it goes on at the
 * next alarm, so that a reader waits for one step at most.
 */
import { asc, eq, inArray, lt, sql } from "drizzle-orm";
import { parseRawLocation } from "../../contract/r2-keys.ts";
import { blobsOf, unpackSkeleton } from "../../contract/split-manifest.ts";
import { body, fingerprint, released } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { forgetOldAnswers } from "./automatic-answers.ts";
import { trimLog } from "./change-log.ts";
import { forgetOldRuns } from "./filter-runs.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { isImporting } from "./import-queue.ts";
import { forgetExpiredSessions } from "./login.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";
import { optimiseIndex } from "./optimise-index.ts";
import { Placing } from "./placement.ts";
import { messagesById } from "./read-messages.ts";
import { readSettings } from "./settings.ts";
import { forgetIdempotencyKeys } from "./submissions.ts";
import { forgetAwaited } from "./threads.ts";
import { change, destroy } from "./update-messages.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a delivery is remembered, so that the same one coming again is recognised: see deliver.ts. */
const FINGERPRINT_MS = 7 * DAY_MS;
const AWAITED_MS = 90 * DAY_MS;

/** Messages that one alarm takes away for good: each is a dozen rows. */
const EMPTIED_AT_ONCE = 25;

/**
 * From this size on the oldest bodies leave the object, which holds 10 GB: a message without one is read from R2 when it
 * is opened.
 */
const BODY_BUDGET_BYTES = 6 * 1024 ** 3;
const BODIES_AT_ONCE = 200;

/** When the next tidying is due, in the object's own storage. */
const TIDY_AT = "tidy_at";
/** A tidying that had more to do goes on after a breath. */
const GO_ON_AFTER_MS = 1_000;

/** Does what is due. Returns when the object wants to be woken for the rest, or null: it may wait for its next alarm. */
export function tidy(box: Mailbox, storage: DurableObjectStorage, env: ObjectEnv, now: number): number | null {
  const { kv } = storage;
  if (now < (kv.get<number>(TIDY_AT) ?? 0)) return null;
  const budget = Number(env.BODY_BUDGET_BYTES ?? BODY_BUDGET_BYTES);
  forgetOld(box, now);
  const steps = [
    emptyDiscarded(box, now),
    trimLog(box.db),
    dropOldBodies(box, storage.sql, budget),
    optimiseIndex(box, storage, now),
  ];
  const hasMore = steps.includes(true);
  kv.put(TIDY_AT, now + (hasMore ? 0 : HOUR_MS));
  return hasMore ? now + GO_ON_AFTER_MS : null;
}

/** What was only remembered for a while. */
function forgetOld(box: Mailbox, now: number): void {
  box.db
    .delete(fingerprint)
    .where(lt(fingerprint.message_id, firstIdAt(now - FINGERPRINT_MS)))
    .run();
  forgetExpiredSessions(box.db, now);
  forgetOldAnswers(box.db, now);
  forgetOldRuns(box.db, now);
  forgetIdempotencyKeys(box, now);
  // What is imported is old, and its parents may be the last in the file.
  if (!isImporting(box.db)) forgetAwaited(box.db, now - AWAITED_MS);
}

/** What lay in trash or junk for long enough goes for good, or leaves just that folder where it is elsewhere as well. */
function emptyDiscarded(box: Mailbox, now: number): boolean {
  const { trash_days, junk_days } = readSettings(box.db);
  const isMore = [emptyFolder(box, ROLE_ID.trash, trash_days, now), emptyFolder(box, ROLE_ID.junk, junk_days, now)];
  return isMore.includes(true);
}

function emptyFolder(box: Mailbox, folderId: number, days: number | null, now: number): boolean {
  if (days === null) return false;
  const due = box.db.all<{ id: number }>(sql`SELECT d.message_id AS id FROM discarded d
    CROSS JOIN folder_message p ON p.folder_id = ${folderId} AND p.message_id = d.message_id
    WHERE d.since <= ${now - days * DAY_MS} ORDER BY d.since LIMIT ${EMPTIED_AT_ONCE}`);
  box.db.transaction(() => {
    const placing = new Placing(box.db);
    let modseq = 0;
    for (const row of messagesById(
      box.db,
      due.map(({ id }) => id),
    )) {
      const folder_ids = row.folder_ids.filter((id) => id !== folderId);
      if (folder_ids.length === 0) modseq = destroy(box.db, row, placing);
      else modseq = change(box.db, row, { folder_ids }, placing) ?? modseq;
    }
    placing.settle(modseq);
  });
  return due.length === EMPTIED_AT_ONCE;
}

/** `databaseSize` is without the pages that deletions left free. */
function dropOldBodies({ db }: Mailbox, { databaseSize }: SqlStorage, budget: number): boolean {
  if (databaseSize <= budget) return false;
  const oldest = db.select({ id: body.message_id }).from(body).orderBy(asc(body.message_id)).limit(BODIES_AT_ONCE);
  return db.delete(body).where(inArray(body.message_id, oldest)).returning({ id: body.message_id }).all().length > 0;
}

/**
 * Messages whose bytes one alarm deletes. Each takes up to MAX_SPLIT_PARTS calls and two more, and the platform grants a
 * thousand.
 */
const RELEASES = 40;

/** A message that is deleted while it waits in the outbox still has to be sent: its bytes stay until then. */
const isUnreferred = sql`NOT EXISTS (
  SELECT 1 FROM submission s WHERE s.next_attempt_at IS NOT NULL AND s.raw_key = released.raw_key)`;

/**
 * Deletes the bytes that nothing here refers to any more. The row goes after the deletion, so a crash between the two
 * only repeats it. The alarm rings again while rows are left.
 */
export async function releaseBytes(box: Mailbox, env: ObjectEnv): Promise<void> {
  const rows = box.db.select().from(released).where(isUnreferred).limit(RELEASES).all();
  const failures: unknown[] = [];
  for (const { raw_key } of rows) {
    try {
      await releaseLocation(box.user_id, raw_key, env);
      box.db.delete(released).where(eq(released.raw_key, raw_key)).run();
    } catch (error) {
      // What one message cannot let go of must not keep the others.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `the bytes of ${failures.length} messages`);
}

/** What says which Blobs a message refers to goes last: a crash before that only repeats what was done. */
async function releaseLocation(user_id: string, location: string, env: ObjectEnv): Promise<void> {
  const raw = parseRawLocation(location);
  const release = (sha256: string, reference: string) =>
    env.BLOB.getByName(sha256).release({ user_id, reference }, sha256);
  if (raw.kind === "blob") return release(raw.sha256, raw.reference);
  if (raw.kind === "split") {
    const object = await env.MAIL.get(raw.key);
    // Nothing is there any more: all of it was done before.
    if (object === null) return;
    const { manifest } = unpackSkeleton(new Uint8Array(await object.arrayBuffer()));
    for (const sha256 of blobsOf(manifest)) await release(sha256, raw.reference);
  }
  await env.MAIL.delete(raw.key);
}

/** Whether bytes wait to be released. */
export const hasReleases = (box: Mailbox): boolean =>
  box.db.select().from(released).where(isUnreferred).limit(1).get() !== undefined;
