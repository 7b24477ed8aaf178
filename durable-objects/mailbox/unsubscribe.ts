/**
 * Leaving bulk mail (RFC 8058). Each copy of a bulk message carries a token that names its submission and its recipient:
 * the submission's id, and a keyed hash (RFC 2104) of that and the address. The key is this mailbox's own and never
 * leaves it, so that nobody can take somebody else off. All of it is base32, since it also stands in a local part, where
 * case does not count.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { eq } from "drizzle-orm";
import { BASE32 } from "../../contract/random-id.ts";
import { MAC_LENGTH, type UnsubscribeToken, unsubscribeTokenOf } from "../../contract/unsubscribe.ts";
import { submission, submission_recipient } from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { requireNumber, submissionIdOf } from "./object-ids.ts";
import { suppress } from "./suppressions.ts";

export interface Subscriber {
  email: string;
  /** Whose mail it gets no more of. */
  from: string;
  submission_id: number;
}

const SECRET = "unsubscribe_secret";

/** Made when the first bulk message leaves. */
function secretOf(kv: SyncKvStorage): Uint8Array {
  const known = kv.get<Uint8Array>(SECRET);
  if (known !== undefined) return known;
  const made = crypto.getRandomValues(new Uint8Array(32));
  kv.put(SECRET, made);
  return made;
}

function macOf(secret: Uint8Array, submissionId: string, email: string): string {
  const digest = createHmac("sha256", secret).update(`${submissionId}\n${email}`).digest();
  return Array.from(digest.subarray(0, MAC_LENGTH), (byte) => BASE32[byte & 31]).join("");
}

/** The tokens of some recipients, in their order. */
export function unsubscribeTokens(box: Mailbox, kv: SyncKvStorage, id: number, emails: string[]): UnsubscribeToken[] {
  const [secret, submissionId] = [secretOf(kv), submissionIdOf(box, id)];
  return emails.map((email) => ({
    user_id: box.user_id,
    submission_id: submissionId,
    mac: macOf(secret, submissionId, email),
  }));
}

/** Whose token this is, or null: it is none of this mailbox's, or the submission is not a bulk one (any more). */
export function findSubscriber(box: Mailbox, kv: SyncKvStorage, token: UnsubscribeToken): Subscriber | null {
  const id = requireNumber(box, "submission", token.submission_id);
  const row = box.db.select().from(submission).where(eq(submission.id, id)).get();
  if (row === undefined || row.class !== "bulk") return null;
  const given = new TextEncoder().encode(token.mac);
  const secret = secretOf(kv);
  const recipients = box.db
    .select({ email: submission_recipient.email })
    .from(submission_recipient)
    .where(eq(submission_recipient.submission_id, id))
    .all();
  // A submission has 500 recipients at most: hashing them all takes two milliseconds, and keeps addresses out of links.
  const found = recipients.find(({ email }) => {
    const wanted = new TextEncoder().encode(macOf(secret, token.submission_id, email));
    return wanted.byteLength === given.byteLength && timingSafeEqual(wanted, given);
  });
  return found ? { email: found.email, from: row.mail_from, submission_id: id } : null;
}

/** Nothing of class bulk goes from here to this address any more. The same again changes nothing. */
export function unsubscribe(
  box: Mailbox,
  kv: SyncKvStorage,
  token: UnsubscribeToken,
  how: "one-click" | "by mail",
  now: number,
): Subscriber | null {
  const found = findSubscriber(box, kv, token);
  if (found === null) return null;
  const { email, submission_id } = found;
  suppress(box.db, { email, reason: "unsubscribed", detail: `Unsubscribed ${how}`, submission_id, created_at: now });
  return found;
}

/** A letter to an address of List-Unsubscribe (RFC 2369 §3.2) unsubscribes whom the address was given to. */
export function unsubscribeByMail(box: Mailbox, kv: SyncKvStorage, deliveredTo: string[], now: number): boolean {
  const tokens = deliveredTo.flatMap((address) => unsubscribeTokenOf(box.user_id, address) ?? []);
  return tokens.filter((token) => unsubscribe(box, kv, token, "by mail", now) !== null).length > 0;
}
