/**
 * What Cloudflare's `send_email` binding takes, as its documentation says, so that it can be asked before a message is
 * accepted instead of told afterwards:
 * https://developers.cloudflare.com/email-service/reference/headers/ and …/platform/limits/
 *
 * The header rules are written for fields that are given beside a message, and said to hold for whole messages as well.
 * How strictly is the platform's to say. So they decide which way a message takes and whether it is accepted from its
 * writer; a message that is on its way already is only held to what is certain, its sender and its size.
 */
import { decodeWords } from "postal-mime";
import { headerOf } from "../../../mail/header-fields.ts";

export const SEND_EMAIL_MAX_BYTES = 5 * 1024 * 1024;
const MAX_NAME_OCTETS = 100;
const MAX_VALUE_OCTETS = 2048;
const MAX_FIELDS_OCTETS = 16 * 1024;
const MAX_LISTED_FIELDS = 20;
/** RFC 5322 §2.1.1 allows as much a line. */
const MAX_SUBJECT_CHARACTERS = 998;

/** Has its own place in what is sent, or is written anew by the platform: no custom field (RFC 5322 §3.6, RFC 2045 §3). */
const STRUCTURE = new Set([
  ...["from", "to", "cc", "bcc", "subject", "reply-to", "date", "message-id"],
  ...["mime-version", "content-type", "content-transfer-encoding"],
]);

const LISTED = new Set([
  ...["in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post", "list-id", "list-archive", "list-help"],
  ...["list-owner", "list-post", "list-subscribe", "precedence", "auto-submitted", "content-language", "keywords"],
  ...["comments", "importance", "priority", "sensitivity", "organization", "require-recipient-valid-since", "expires"],
  ...["reply-by", "archived-at"],
]);

export interface Unfit {
  reason: "null_sender" | "too_large" | "field";
  /** RFC 3463 */
  status: string;
  /** For whoever wrote the message. */
  words: string;
  /** The name of the field that is in the way, in small letters. */
  field: string | null;
}

export interface Carried {
  mail_from: string;
  /** The message, or its beginning with the whole header … */
  raw: Uint8Array;
  /** … and then the bytes of all of it. */
  size?: number;
}

/** Why the binding is certain to refuse this, or null. */
export function refusedBySendEmail({ mail_from, raw, size = raw.byteLength }: Carried): Unfit | null {
  if (mail_from === "") {
    const words = "send_email cannot send with an empty sender; set RELAY_URL to send bounces";
    return { reason: "null_sender", status: "5.7.1", words, field: null };
  }
  if (size > SEND_EMAIL_MAX_BYTES) {
    const words = `the message has ${size} bytes, and send_email takes ${SEND_EMAIL_MAX_BYTES}`;
    return { reason: "too_large", status: "5.3.4", words, field: null };
  }
  return null;
}

/** Why the binding is not the way for this message, or null. */
export function unfitForSendEmail(message: Carried): Unfit | null {
  return refusedBySendEmail(message) ?? unfitHeader(message.raw);
}

function unfitHeader(raw: Uint8Array): Unfit | null {
  let custom = 0;
  let listed = 0;
  const seen = new Set<string>();
  for (const { name, value } of headerFields(raw)) {
    const field = name.toLowerCase();
    const unfit = (words: string): Unfit => ({ reason: "field", status: "5.6.0", words, field });
    const octets = new TextEncoder().encode(value).length;
    const subject = field === "subject" ? decodeWords(value) : "";
    if (subject.length > MAX_SUBJECT_CHARACTERS) {
      return unfit(`the subject has ${subject.length} characters, and send_email takes ${MAX_SUBJECT_CHARACTERS}`);
    }
    if (STRUCTURE.has(field)) continue;
    if (!LISTED.has(field) && !/^x-[a-z0-9_-]+$/.test(field)) return unfit(`send_email takes no field ${name}`);
    if (name.length > MAX_NAME_OCTETS) return unfit(`the name of the field ${name} is too long for send_email`);
    if (value === "") return unfit(`the field ${name} is empty, which send_email refuses`);
    if (seen.has(field)) return unfit(`the field ${name} is there twice, which send_email refuses`);
    if (octets > MAX_VALUE_OCTETS) {
      return unfit(`the field ${name} has ${octets} bytes, and send_email takes ${MAX_VALUE_OCTETS}`);
    }
    seen.add(field);
    listed += LISTED.has(field) ? 1 : 0;
    custom += name.length + 2 + octets + 2;
    if (listed > MAX_LISTED_FIELDS) return unfit(`send_email takes ${MAX_LISTED_FIELDS} fields of this kind`);
    if (custom > MAX_FIELDS_OCTETS)
      return unfit(`the header is larger than the ${MAX_FIELDS_OCTETS} bytes of send_email`);
  }
  return null;
}

/** The fields of the header, unfolded (RFC 5322 §2.2.3). What is no field ends it: so would it for a server. */
function* headerFields(raw: Uint8Array): Generator<{ name: string; value: string }> {
  const text = new TextDecoder().decode(headerOf(raw));
  for (const line of text.replaceAll(/\r?\n(?=[ \t])/g, "").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon < 1) return;
    yield { name: line.slice(0, colon).trimEnd(), value: line.slice(colon + 1).trim() };
  }
}
