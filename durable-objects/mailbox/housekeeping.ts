/** What the alarm tidies up. Each step is short, repeatable, and goes on at the next alarm where it stopped. */
import { eq, lt, sql } from "drizzle-orm";
import { parseRawLocation } from "../../contract/r2-keys.ts";
import { blobsOf, unpackSkeleton } from "../../contract/split-manifest.ts";
import { fingerprint, released } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { forgetExpiredSessions } from "./login.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { firstIdAt } from "./object-ids.ts";
import { forgetIdempotencyKeys } from "./submissions.ts";

/** How long a delivery is remembered, so that the same one coming again is recognised: see deliver.ts. */
const FINGERPRINT_MS = 7 * 24 * 3_600_000;

export function forgetOld(box: Mailbox, now: number): void {
  box.db
    .delete(fingerprint)
    .where(lt(fingerprint.message_id, firstIdAt(now - FINGERPRINT_MS)))
    .run();
  forgetExpiredSessions(box.db, now);
  forgetIdempotencyKeys(box, now);
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
  for (const { raw_key } of rows) {
    await releaseLocation(box.user_id, raw_key, env);
    box.db.delete(released).where(eq(released.raw_key, raw_key)).run();
  }
}

/** What says which attachments a split message has goes last: a crash before that only repeats what was done. */
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
