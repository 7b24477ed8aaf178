/**
 * Delivery status notifications: a report to the sender that a message was not delivered, or not yet (RFC 3464, in
 * the multipart/report of RFC 6522). Three parts: words for the person, fields for the machine, the header of what was
 * sent. It refers to the sent message's id, so that both stand in one thread. The envelope sender of a report is empty
 * (RFC 3464 §2), which is its deliverer's to see to.
 */
import { parseDomain } from "../address/domain.ts";
import { type Address, formatAddressList, typedAddress } from "./address-field.ts";
import { assemble, textPart } from "./assemble.ts";
import { encodeReadable, encodeText } from "./body-encoding.ts";
import { CR, LF, utf8 } from "./bytes.ts";
import { explainDelivery } from "./delivery-words.ts";
import { foldTokens, formatDate, formatText, oneLine } from "./header-text.ts";
import { formatThreadFields } from "./message-ids.ts";

export interface FailedRecipient {
  address: string;
  action: "failed" | "delayed";
  /** RFC 3463, such as `5.1.1`. What is none becomes `5.0.0` or `4.0.0`. */
  status: string;
  /** What the other server said, whatever it said; null when none was reached. */
  diagnostic: string | null;
  remote_mta: string | null;
  /** Of a delayed one (RFC 3464 §2.3.9). */
  will_retry_until?: Date;
}

export interface DeliveryStatusReport {
  /** The name of the host that gave up. The report comes from `mailer-daemon` there. */
  reporting_mta: string;
  to: Address;
  /** Of the report itself. */
  message_id: string;
  date: Date;
  boundary_seed: string;
  original: {
    message_id: string;
    subject: string;
    /** The raw header block. From an empty line on, nothing of it is used. */
    headers: Uint8Array;
    arrived_at: Date;
  };
  /** At least one. */
  recipients: FailedRecipient[];
}

/** Some servers answer with a page of text. The report carries this much of it. */
const MAX_DIAGNOSTIC_CHARACTERS = 2000;

export function composeDeliveryStatus(report: DeliveryStatusReport): Uint8Array {
  const { original } = report;
  const host = hostName(report.reporting_mta) ?? "invalid";
  const recipients = report.recipients.map(normalise);
  const { subject, text } = explainDelivery({ host, original, recipients });
  return assemble({
    fields: [
      ["Date", formatDate(report.date)],
      ["From", formatAddressList("From", [{ name: "Mail Delivery System", email: `mailer-daemon@${host}` }])],
      ["To", formatAddressList("To", [report.to])],
      ["Subject", formatText("Subject", subject)],
      ...formatThreadFields({
        message_id: report.message_id,
        in_reply_to: original.message_id,
        references: [original.message_id],
      }),
      // RFC 3834 §5: vacation programs and list servers do not answer what says this.
      ["Auto-Submitted", "auto-replied"],
      ["MIME-Version", "1.0"],
    ],
    text: textPart("text/plain", encodeText(text)),
    html: null,
    related: [],
    attached: [
      {
        headers: { "Content-Type": "message/delivery-status" },
        body: encodeReadable(utf8(statusFields(host, original.arrived_at, recipients))),
      },
      { headers: { "Content-Type": "text/rfc822-headers" }, body: encodeReadable(headerBlock(original.headers)) },
    ],
    container: "report",
    boundary_seed: report.boundary_seed,
  });
}

function normalise(recipient: FailedRecipient): FailedRecipient {
  const fallback = recipient.action === "delayed" ? "4.0.0" : "5.0.0";
  const diagnostic = recipient.diagnostic?.toWellFormed() ?? "";
  return {
    ...recipient,
    address: oneLine(recipient.address),
    status: /^[245]\.\d{1,3}\.\d{1,3}$/.test(recipient.status) ? recipient.status : fallback,
    diagnostic:
      diagnostic.length > MAX_DIAGNOSTIC_CHARACTERS
        ? `${diagnostic.slice(0, MAX_DIAGNOSTIC_CHARACTERS)}...`
        : diagnostic.trim() === ""
          ? null
          : diagnostic,
    remote_mta: recipient.remote_mta === null ? null : hostName(recipient.remote_mta),
  };
}

/** A-labels where it is a name; an address literal as it stands; null for what is neither. */
function hostName(text: string): string | null {
  const domain = parseDomain(text);
  if (domain.ok) return domain.value;
  return /^[A-Za-z0-9.:_[\]-]{1,255}$/.test(text) ? text : null;
}

/** RFC 3464 §2.1: the message's fields, then a group for each recipient, an empty line between groups. */
function statusFields(host: string, arrivedAt: Date, recipients: readonly FailedRecipient[]): string {
  const groups = [
    [statusField("Reporting-MTA", `dns; ${host}`), statusField("Arrival-Date", formatDate(arrivedAt))],
    ...recipients.map((recipient) => [
      statusField("Final-Recipient", typedAddress(recipient.address)),
      statusField("Action", recipient.action),
      statusField("Status", recipient.status),
      ...(recipient.remote_mta === null ? [] : [statusField("Remote-MTA", `dns; ${recipient.remote_mta}`)]),
      ...(recipient.diagnostic === null ? [] : [statusField("Diagnostic-Code", `smtp; ${recipient.diagnostic}`)]),
      ...(recipient.will_retry_until === undefined
        ? []
        : [statusField("Will-Retry-Until", formatDate(recipient.will_retry_until))]),
    ]),
  ];
  return groups.map((fields) => fields.join("")).join("\r\n");
}

/**
 * The fields are ASCII (RFC 3464 §2.1), the server's other letters stand in the text part. They fold like a header's;
 * a word is cut where it alone would pass the longest line.
 */
function statusField(name: string, value: string): string {
  const words = oneLine(value)
    .replace(/[^\x20-\x7e]/gu, "?")
    .split(/ +/)
    .flatMap((word) => word.match(/.{1,900}/g) ?? []);
  return `${name}: ${foldTokens(name, words)}\r\n`;
}

/** The header's lines up to the first empty one, each ended by CRLF, whatever ended it before. */
function headerBlock(raw: Uint8Array): Uint8Array {
  const lines: number[] = [];
  let lineLength = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte !== CR && byte !== LF) {
      lines.push(byte);
      lineLength += 1;
      continue;
    }
    if (byte === CR && raw[at + 1] === LF) at += 1;
    if (lineLength === 0) return Uint8Array.from(lines);
    lines.push(CR, LF);
    lineLength = 0;
  }
  if (lineLength > 0) lines.push(CR, LF);
  return Uint8Array.from(lines);
}
