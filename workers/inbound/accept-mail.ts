/**
 * The one way in. Both doors, and mail between accounts of this mesh, end in this function: envelope and bytes come in,
 * an outcome for each recipient goes out. `accepted` means durable. It throws when nothing could be made durable: the
 * sender then keeps the mail and tries again.
 */
import type { Envelope, Hop, RecipientOutcome, RefusalReason } from "../../contract/ingest.ts";
import { MAX_HOPS, MAX_MESSAGE_BYTES } from "../../contract/limits.ts";
import type { Examination } from "../../durable-objects/mailbox/letter.ts";
import { withoutResultsOf } from "../../mail/authentication/without-results.ts";
import { countFields, fingerprintOf } from "../../mail/fingerprint.ts";
import { hasComeBack } from "../../mail/forward-mark.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import type { ParsedMessage } from "../../mail/parse/parsed-message.ts";
import type { Env } from "../env.ts";
import { storable, storeShared } from "../storage/raw-messages.ts";
import { contentOf } from "../storage/read-content.ts";
import { Answers } from "./answers.ts";
import { authenticate, type Witness } from "./authenticate.ts";
import { deliverLetter, isOverloaded, type Posting } from "./deliver-letter.ts";
import { objectionTo } from "./domain-objections.ts";
import { examine } from "./examine.ts";
import { forwardMail } from "./forward-mail.ts";
import { accepted, refused } from "./refusals.ts";
import { reportIn } from "./report-in.ts";
import { type Resolved, resolveRecipients } from "./resolve-recipients.ts";
import { mustBeScanned } from "./scanner.ts";

/** The same bytes within this time are a repeat … */
const REPEAT_WINDOW_MS = 7 * 24 * 3_600_000;
/** … unless nothing in them tells one sending from another: a cron job's mails may well be equal. */
const REPEAT_WINDOW_WITHOUT_IDENTITY_MS = 10 * 60_000;

/** What each recipient would be answered, without a message: the gateway asks this at RCPT. */
export async function askRecipients(env: Env, { mail_from, rcpt_to }: Envelope): Promise<RecipientOutcome[]> {
  const { accounts, forwards, refusals } = await resolveRecipients(env, rcpt_to, mail_from);
  const answers = new Answers();
  for (const { recipient } of forwards.values()) answers.add([recipient], null);
  await Promise.all(
    Array.from(accounts, async ([userId, addresses]) =>
      answers.add(addresses, await admission(env, userId, mail_from)),
    ),
  );
  return outcomes(rcpt_to, [...refusals, ...answers.refusals("one_is_enough")]);
}

/** A Mailbox that does not answer takes its mail later: see waiting-letters.ts. */
async function admission(env: Env, userId: string, mailFrom: string): Promise<RefusalReason | null> {
  try {
    return await env.MAILBOX.getByName(userId).admission(mailFrom);
  } catch (error) {
    if (isOverloaded(error)) return "mailbox_too_fast";
    console.error("mailbox does not answer, its recipient is taken", { user_id: userId, error });
    return null;
  }
}

export async function acceptMail(
  env: Env,
  envelope: Envelope,
  received: Uint8Array<ArrayBuffer>,
  hop: Hop,
  witness: Witness = null,
): Promise<RecipientOutcome[]> {
  const refusal = refuseMessage(received);
  if (refusal !== null) return envelope.rcpt_to.map((address) => refused(address, refusal));
  const { accounts, forwards, refusals, policies } = await resolveRecipients(env, envelope.rcpt_to, envelope.mail_from);
  if (accounts.size === 0 && forwards.size === 0) return outcomes(envelope.rcpt_to, refusals);
  const bytes = withoutResultsOf(received, env.HOSTNAME);
  const parsed = await parseMessage(bytes);
  const examination = await examine(env, bytes, parsed, { authentication: authenticate(env, bytes, witness) });
  const objection = unscanned(env, examination) ?? objectionTo(examination, policies);
  if (objection !== null) {
    return outcomes(envelope.rcpt_to, [...envelope.rcpt_to.map((address) => refused(address, objection)), ...refusals]);
  }
  const is_alone = accounts.size === 1 && forwards.size === 0 && refusals.length === 0;
  const posting = await readPosting(env, [...accounts.keys()], { envelope, bytes, parsed, hop, examination, is_alone });
  const answers = new Answers();
  for (const [target, { recipient }] of forwards) {
    const isLoop = hasComeBack(examination.header, recipient, env.HOSTNAME);
    if (isLoop) forwards.delete(target);
    answers.add([recipient], isLoop ? "mail_loop" : null);
  }
  await Promise.all([
    ...Array.from(accounts, async ([userId, rcptTo]) => {
      answers.add(rcptTo, await deliverLetter(env, userId, rcptTo, posting));
    }),
    forwardAll(env, forwards, posting),
  ]);
  return outcomes(envelope.rcpt_to, [...refusals, ...answers.refusals()]);
}

/** One after the other: each carries the message to its Blobs, and the platform gives 128 MB for all. */
async function forwardAll(env: Env, forwards: Resolved["forwards"], posting: Posting): Promise<void> {
  for (const [target, { domain, recipient }] of forwards) await forwardMail(env, domain, recipient, target, posting);
}

/** Where the deployment wants it so, what no scanner has seen waits with its sender. */
const unscanned = (env: Env, { attachment_scan }: Examination): RefusalReason | null =>
  attachment_scan !== null && mustBeScanned(env, attachment_scan.scanner) ? "store_unavailable" : null;

function refuseMessage(bytes: Uint8Array): RefusalReason | null {
  if (bytes.byteLength > MAX_MESSAGE_BYTES) return "message_too_large";
  // RFC 5321 §6.3
  return countFields(bytes, "received", MAX_HOPS) > MAX_HOPS ? "mail_loop" : null;
}

interface Read {
  envelope: Envelope;
  bytes: Uint8Array<ArrayBuffer>;
  parsed: ParsedMessage;
  hop: Hop;
  examination: Examination;
  is_alone: boolean;
}

/** Splits the message once, and stores once what these accounts share of it. */
async function readPosting(env: Env, userIds: string[], read: Read): Promise<Posting> {
  const { envelope, bytes, parsed, hop, examination, is_alone } = read;
  const received_at = Date.now();
  // One after the other: each needs a copy of the message for a moment, and the platform gives 128 MB for all.
  const fingerprint = fingerprintOf(bytes);
  const content = contentOf(parsed);
  const message = await storable(bytes);
  return {
    mail_from: envelope.mail_from,
    message,
    shared: await storeShared(env, userIds, message, received_at),
    hop,
    received_at,
    content,
    examination,
    report: reportIn(envelope.mail_from, bytes),
    fingerprint: fingerprint.hash,
    is_alone,
    repeat_window: fingerprint.has_identity ? REPEAT_WINDOW_MS : REPEAT_WINDOW_WITHOUT_IDENTITY_MS,
  };
}

function outcomes(rcptTo: string[], refusals: RecipientOutcome[]): RecipientOutcome[] {
  const byAddress = new Map(refusals.map((refusal) => [refusal.address, refusal]));
  return rcptTo.map((address) => byAddress.get(address) ?? accepted(address));
}
