/** What the alarm tidies up. Each step is short, repeatable, and goes on at the next alarm where it stopped. */
import { eq, lt, sql } from "drizzle-orm";
import { parseRawLocation } from "../../contract/r2-keys.ts";
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

/** Deletions in R2 that one alarm makes. */
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
    const location = parseRawLocation(raw_key);
    if (location.kind === "raw") await env.MAIL.delete(location.key);
    else await env.BLOB.getByName(location.sha256).release(box.user_id, location.reference, location.sha256);
    box.db.delete(released).where(eq(released.raw_key, raw_key)).run();
  }
}

/** Whether bytes wait to be released. */
export const hasReleases = (box: Mailbox): boolean =>
  box.db.select().from(released).where(isUnreferred).limit(1).get() !== undefined;
