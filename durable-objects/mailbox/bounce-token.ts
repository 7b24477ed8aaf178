/**
 * What stands in the reverse-path of a submission (mail/address/bounce-address.ts): the submission's number, by which it
 * is found, and a random part, by which it is known that whoever reports has seen the message leave.
 */
import { eq } from "drizzle-orm";
import { randomId } from "../../contract/random-id.ts";
import { bounceTokenIn } from "../../mail/address/bounce-address.ts";
import { submission } from "../../schema/mailbox/tables.ts";
import type { Mailbox, SubmissionRow } from "./mailbox-database.ts";
import { numberOf, submissionIdOf } from "./object-ids.ts";

/** 40 bits: with the 53 of the number nobody guesses it, and a local part of 42 octets still has room for both. */
const RANDOM_CHARACTERS = 8;

/** None for what goes out in nobody's name: nothing comes back. */
export const newBounceToken = (reportTo: SubmissionRow["report_to"]): string =>
  reportTo === "nobody" ? "" : randomId(RANDOM_CHARACTERS);

export const bounceTokenOf = (box: Mailbox, { id, bounce_token }: SubmissionRow): string =>
  bounce_token === "" ? "" : `${submissionIdOf(box, id)}${bounce_token}`;

/** A report names a few addresses; more are no report's. */
const MAX_ADDRESSES = 20;

/** The submission whose token is in one of these addresses. */
export function submissionByToken(box: Mailbox, addresses: readonly string[]): SubmissionRow | null {
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const token = bounceTokenIn(address) ?? "";
    const id = numberOf(box, token.slice(0, -RANDOM_CHARACTERS));
    const row = id === null ? undefined : box.db.select().from(submission).where(eq(submission.id, id)).get();
    if (row && row.bounce_token !== "" && token.endsWith(row.bounce_token)) return row;
  }
  return null;
}

/** So long after a forward left, what comes back is passed on to its sender. */
const RETURNED_FOR_MS = 30 * 24 * 3_600_000;

/** Who wrote the message that left with this address. Null: none did, or long ago. */
export function senderOfForward(box: Mailbox, address: string, now: number): string | null {
  const row = submissionByToken(box, [address]);
  if (row === null || row.report_to !== "sender" || now - row.created_at > RETURNED_FOR_MS) return null;
  return row.mail_from === "" ? null : row.mail_from;
}
