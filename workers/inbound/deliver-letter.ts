/**
 * One message into one Mailbox. The bytes are in R2 before the Mailbox hears of them; if it cannot answer, a note in R2
 * says what is to be delivered, and the `inbound` queue (or the sweep, should the queue lose it) delivers later.
 */
import type { Hop, RefusalReason } from "../../contract/ingest.ts";
import type { Content, Delivery, Examination, Letter } from "../../durable-objects/mailbox/letter.ts";
import type { Report } from "../../mail/report/report.ts";
import { traceFields } from "../../mail/trace.ts";
import type { Env } from "../env.ts";
import { discardRaw, type Shared, type Storable, storeOwn } from "../storage/raw-messages.ts";
import { keepWaiting } from "./waiting-letters.ts";

/** A message that was read and is to be delivered, whoever gets it. */
export interface Posting {
  mail_from: string;
  message: Storable;
  /** What its recipients share of it is stored: once, however many they are. */
  shared: Shared;
  hop: Hop;
  received_at: number;
  content: Content;
  /** Null for what the mesh itself wrote. */
  examination: Examination | null;
  /** What it reports of another message, if it is a report. */
  report: Report | null;
  fingerprint: string;
  repeat_window: number;
  /** It is for one account alone: SMTP has one answer for all recipients of a message (RFC 5321 §4.2.5). */
  is_alone?: boolean;
}

/**
 * Returns when the message is durable, in the mailbox or waiting for it, or why the mailbox does not take it now. Throws
 * when neither is certain.
 */
export async function deliverLetter(
  env: Env,
  userId: string,
  rcptTo: string[],
  posting: Posting,
): Promise<RefusalReason | null> {
  const letter = await storeLetter(env, userId, rcptTo, posting);
  try {
    const { refusal = null } = await handOver(env, userId, letter);
    return refusal;
  } catch (error) {
    // It may yet have been delivered, so the bytes stay: the sender comes again, and what nothing refers to is found.
    if (isOverloaded(error)) return "mailbox_too_fast";
    console.error("mailbox does not answer, letter waits", { user_id: userId, raw_key: letter.raw_key, error });
    await keepWaiting(env, userId, letter);
    return null;
  }
}

/** The platform takes no more calls for an object whose queue is too long. Keeping them for later would only add to it. */
export const isOverloaded = (error: unknown): boolean =>
  error instanceof Error && "overloaded" in error && error.overloaded === true;

/** Delivers, and takes the bytes back when no message came of them. */
export async function handOver(env: Env, userId: string, letter: Letter): Promise<Delivery> {
  const delivery = await env.MAILBOX.getByName(userId).deliver(letter);
  const { outcome, raw_key } = delivery;
  if (outcome !== "delivered" && raw_key !== letter.raw_key) await discardRaw(env, userId, letter.raw_key);
  return delivery;
}

/** Makes the rest of the bytes durable and puts this mesh's trace fields beside them. */
export async function storeLetter(env: Env, userId: string, rcptTo: string[], posting: Posting): Promise<Letter> {
  const {
    mail_from,
    hop,
    received_at,
    content,
    examination,
    report,
    fingerprint,
    repeat_window,
    message,
    shared,
    is_alone = false,
  } = posting;
  const { id } = shared;
  const { authentication = null } = examination ?? {};
  const trace = { mail_from, rcpt_to: rcptTo, hop, hostname: env.HOSTNAME, id, received_at, authentication };
  const added_fields = traceFields(trace);
  const raw_key = await storeOwn(env, userId, shared, { kind: "received", added_fields });
  return {
    raw_key,
    added_fields,
    size: message.size + new TextEncoder().encode(added_fields).byteLength,
    content,
    examination,
    report,
    return_path: mail_from,
    delivered_to: rcptTo,
    received_at,
    fingerprint,
    repeat_window,
    is_alone,
  };
}
