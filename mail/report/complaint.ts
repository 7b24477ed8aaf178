/** Complaints: a recipient pressed "this is spam", and the provider passes it on (ARF, RFC 5965). */
import { parseAddresses } from "../parse/addresses.ts";
import { cleanText } from "../parse/header-text.ts";
import { all, first, readFieldGroups } from "./field-lines.ts";
import type { OpenedMessage } from "./opened-message.ts";
import { MAX_REPORTED_RECIPIENTS, type Report } from "./report.ts";
import { pathIn, type Returned, returnedMessage } from "./returned-message.ts";

/**
 * RFC 5965 §7.3, and `opt-out` as some providers send it. `not-spam` is the opposite, and `auth-failure` (RFC 6591) is
 * about a signature, not about a reader.
 */
const COMPLAINTS = new Set(["abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"]);

export function readComplaint(message: OpenedMessage): Report | null {
  const part = message.leaves.find(({ type }) => type === "message/feedback-report");
  if (part === undefined) return null;
  const fields = readFieldGroups(part.text, 3).flat();
  const type = first(fields, "feedback-type")?.toLowerCase() ?? "";
  if (!COMPLAINTS.has(type)) return null;
  const returned = returnedMessage(message, "");
  const named = [...all(fields, "original-rcpt-to"), ...all(fields, "removal-recipient")].flatMap(
    (value) => pathIn(value) ?? [],
  );
  const addresses = new Set(named.length > 0 ? named : soleRecipient(returned));
  const by = first(fields, "user-agent") ?? "";
  return {
    kind: "complaint",
    recipients: [...addresses].slice(0, MAX_REPORTED_RECIPIENTS).map((address) => ({
      ...{ address, original_address: null, action: "complained", status: null, remote_mta: null },
      diagnostic: cleanText(by === "" ? `Complaint: ${type}` : `Complaint: ${type}, told by ${by}`, 500),
    })),
    original_message_id: returned.message_id,
    original_mail_from: pathIn(first(fields, "original-mail-from")) ?? returned.mail_from,
  };
}

/** Providers hide who complained. A message to one alone leaves no doubt. */
function soleRecipient({ header }: Returned): string[] {
  const named = parseAddresses([...all(header, "to"), ...all(header, "cc")]);
  return named.length === 1 ? named.map(({ email }) => email) : [];
}
