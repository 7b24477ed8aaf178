/** Standard delivery status notifications (RFC 3464), with internationalised addresses (RFC 6533 §3) and without. */
import { cleanText } from "../parse/header-text.ts";
import { all, type FieldLine, first, readFieldGroups } from "./field-lines.ts";
import { type OpenedMessage, wordsOf } from "./opened-message.ts";
import { MAX_REPORTED_RECIPIENTS, type Report, type ReportedRecipient } from "./report.ts";
import { returnedMessage } from "./returned-message.ts";
import { codeIn, statusOf } from "./status-code.ts";

const STATUS_PART = /^message\/(?:global-)?delivery-status$/;
const MAX_WORDS = 500;

/** Null where the message has no such part, or one that reports nothing of interest. */
export function readDeliveryReport(message: OpenedMessage): Report | null {
  const status = statusPart(message);
  if (status === null) return null;
  const groups = readFieldGroups(status, MAX_REPORTED_RECIPIENTS + 1);
  const recipients = groups.flatMap(readRecipient).slice(0, MAX_REPORTED_RECIPIENTS);
  const kind = kindOf(recipients);
  if (kind === null) return null;
  const { message_id, mail_from } = returnedMessage(
    message,
    `${message.leaves.at(-1)?.text ?? ""}\n${wordsOf(message)}`,
  );
  return { kind, recipients, original_message_id: message_id, original_mail_from: mail_from };
}

/** Some gateways make a text of the part on its way. */
function statusPart({ leaves, report_type }: OpenedMessage): string | null {
  const found =
    leaves.find(({ type }) => STATUS_PART.test(type)) ??
    (report_type === "delivery-status"
      ? leaves.slice(1).find(({ text }) => /^\s{0,10}(?:Reporting-MTA|Final-Recipient)[ \t]*:/i.test(text))
      : undefined);
  return found?.text ?? null;
}

function kindOf(recipients: readonly ReportedRecipient[]): Report["kind"] | null {
  const actions = new Set(recipients.map(({ action }) => action));
  if (actions.has("failed")) return "failure";
  if (actions.has("delayed")) return "delay";
  return actions.has("delivered") ? "delivered" : null;
}

/** Nothing for the fields on the message, and for recipients of whom nothing final or late is said. */
function readRecipient(fields: FieldLine[]): ReportedRecipient[] {
  const final = addressIn(first(fields, "final-recipient"));
  const original_address = addressIn(first(fields, "original-recipient"));
  const address = final ?? original_address;
  const action = actionOf(fields);
  if (address === null || action === null) return [];
  const diagnostic = wordsIn(all(fields, "diagnostic-code"));
  const status = statusOf(first(fields, "status"), diagnostic ?? "");
  const remote_mta = typedValue(first(fields, "remote-mta"))?.slice(0, 255) || null;
  return [{ address, original_address, action, status, diagnostic, remote_mta }];
}

/**
 * RFC 3464 §2.3.3. `relayed` and `expanded` say that the message went on to where nobody reports from: no news. Where
 * the field is missing its status tells.
 */
function actionOf(fields: FieldLine[]): ReportedRecipient["action"] | null {
  const said = first(fields, "action")?.toLowerCase() ?? "";
  if (said.startsWith("fail")) return "failed";
  if (said.startsWith("delay")) return "delayed";
  if (said.startsWith("deliver")) return "delivered";
  if (said !== "") return null;
  const status = codeIn(first(fields, "status") ?? "");
  return status?.startsWith("5") ? "failed" : status?.startsWith("4") ? "delayed" : null;
}

/** RFC 3464 §2.3.2: `rfc822; bob@far.example`, and `utf-8; \x{...}` with escapes (RFC 6533 §3). */
function addressIn(value: string | null): string | null {
  if (value === null) return null;
  const text = typedValue(value)?.replace(/^<|>$/g, "").trim() ?? "";
  const plain = text.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (escaped: string, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? escaped : String.fromCodePoint(code);
  });
  const address = cleanText(plain, 320);
  return address.includes("@") ? address : null;
}

/** What follows the type; all of it where the type was forgotten. */
function typedValue(value: string | null): string | null {
  const [, text] = /^[\w.-]+[ \t]*;(.*)$/s.exec(value ?? "") ?? [];
  return (text ?? value)?.trim() ?? null;
}

function wordsIn(values: string[]): string | null {
  const words = values.map((value) => typedValue(value) ?? "").join(" ");
  return cleanText(words.replace(/\s+/g, " "), MAX_WORDS) || null;
}
