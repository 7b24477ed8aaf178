/** What a `mailto` address of List-Unsubscribe asks to be written (RFC 2369 §3.2, RFC 6068 §2). */
import { addressKey } from "../address/address-key.ts";

export interface UnsubscribeWords {
  to: string;
  subject: string;
  body: string;
}

const MAX_SUBJECT = 500;
const MAX_BODY = 5000;

/**
 * Null where it names no address. Of the fields that it may ask for only subject and body are taken: others, a Bcc say,
 * are the stranger's way to make the owner write to somebody else (RFC 6068 §7).
 */
export function readMailto(address: string): UnsubscribeWords | null {
  const [, recipient = "", query = ""] = /^mailto:([^?]*)(?:\?(.*))?$/is.exec(address) ?? [];
  const to = decode(recipient);
  if (addressKey(to) === null) return null;
  const fields = new Map<string, string>();
  for (const field of query.split("&")) {
    const at = field.indexOf("=");
    const name = field.slice(0, Math.max(0, at)).toLowerCase();
    if (!fields.has(name)) fields.set(name, decode(field.slice(at + 1)));
  }
  const subject = fields.get("subject")?.slice(0, MAX_SUBJECT).toWellFormed() ?? "";
  return {
    to,
    subject: subject === "" ? "unsubscribe" : subject,
    body: fields.get("body")?.slice(0, MAX_BODY).toWellFormed() ?? "unsubscribe",
  };
}

/** RFC 6068 §5: a plus sign is a plus sign there. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
