/**
 * From the bytes of a message to what it reports, or null: an ordinary message, an automatic answer, a read receipt, or
 * somebody who passes a report on. A pure reading of what others wrote. It never throws, and bytes of any size and shape
 * cost time in proportion to their number.
 *
 * Three readers, the strictest first: complaints (RFC 5965), delivery status notifications (RFC 3464), and the texts of
 * servers that write neither.
 */
import { decodeText } from "../parse/charset.ts";
import { decodeHeaderText } from "../parse/header-text.ts";
import { readComplaint } from "./complaint.ts";
import { readDeliveryReport } from "./delivery-report.ts";
import { all, type FieldLine, first } from "./field-lines.ts";
import { headerOf, type OpenedMessage, openMessage } from "./opened-message.ts";
import { readPlainBounce } from "./plain-bounce.ts";
import type { Report } from "./report.ts";

/** `mailFrom` is the envelope's reverse-path, empty for the null one, which reports come from (RFC 3464 §2). */
export function readReport(mailFrom: string, bytes: Uint8Array): Report | null {
  if (!mightBeReport(mailFrom, bytes)) return null;
  const message = openMessage(bytes);
  if (isPassedOn(message.header)) return null;
  const complaint = readComplaint(message);
  if (complaint !== null) return complaint;
  if (isAnswer(message)) return null;
  const isFromServer = mailFrom === "" || isDaemon(message.header);
  // Whoever else sends one (a virus scanner that wraps it, say) must at least call it a report.
  if (!isFromServer && message.type !== "multipart/report") return null;
  return readDeliveryReport(message) ?? (isFromServer ? readPlainBounce(message) : null);
}

/** How much of a header is looked at before anything is parsed. */
const GLANCE_BYTES = 16 * 1024;

/** Asked of every message that comes in, so no more than a glance at the header. */
function mightBeReport(mailFrom: string, bytes: Uint8Array): boolean {
  if (mailFrom === "") return true;
  const header = headerOf(decodeText(bytes.subarray(0, GLANCE_BYTES), null));
  return /^multipart\/report\b/i.test(first(header, "content-type") ?? "") || isDaemon(header);
}

/** `From` of those who write for a server. RFC 5321 §4.5.5 has them use the null reverse-path, and some do not. */
const DAEMON =
  /(?:^|[<\s"])(?:mailer-?daemon|mail-daemon|postmaster|mailmaster|mail\.administrator|microsoftexchange[0-9a-f]{8,40}|bounce|noreply-bounce)@|^\W{0,3}(?:mail delivery (?:system|subsystem)|mail administrator|system administrator|postmaster)\b|<>\s*$/i;

const isDaemon = (header: FieldLine[]): boolean => DAEMON.test((first(header, "from") ?? "").slice(0, 1000));

/** What a list distributes (RFC 2919 §3, RFC 2369 §3.4) was posted by somebody, quoting a report perhaps. */
const isPassedOn = (header: FieldLine[]): boolean =>
  first(header, "list-id") !== null || first(header, "list-post") !== null || first(header, "resent-from") !== null;

/** Subjects of automatic answers, in the words of the programs that write them. */
const ANSWER_SUBJECT =
  /^(?:(?:re|aw|sv|tr|rif|antw|odp)\s*:\s*)?(?:auto(?:mati[ck])?[- ]?(?:reply|response|answer)|automatic reply|out of (?:the )?office|(?:i am |i'm )?on vacation|vacation\b|away from (?:my|the) (?:mail|office)|automatische antwort|abwesen|urlaub|respuesta autom|fuera de (?:la )?oficina|r[ée]ponse automatique|absence|absent du bureau|risposta automatica|fuori ufficio|assente|automatisch antwoord|afwezig|resposta autom|aus[êe]ncia|fora do escrit|autosvar|automatiskt? svar|fr[åa]nvaro|frav[æa]r|automaattinen vastaus|poissa|automatyczna odpowied|nieobecno|автоответ|автоматический ответ|отсутств|自動(?:返信|応答|回覆)|自动(?:回复|答复)|不在|부재중|자동 응답)/iu;

/** Automatic answers (RFC 3834) and read receipts (RFC 8098): a person's mailbox has the message. */
function isAnswer({ header, report_type, leaves }: OpenedMessage): boolean {
  if (report_type === "disposition-notification") return true;
  if (leaves.some(({ type }) => /^message\/(?:global-)?disposition-notification$/.test(type))) return true;
  if (["x-autoreply", "x-autorespond", "x-autoresponder", "x-vacation"].some((name) => first(header, name) !== null))
    return true;
  if (all(header, "precedence").some((value) => /^auto[_-]?reply/i.test(value))) return true;
  if (/^auto-(?:replied|generated)\s*[;(]\s*vacation/i.test(first(header, "auto-submitted") ?? "")) return true;
  return ANSWER_SUBJECT.test(decodeHeaderText(first(header, "subject") ?? "", 300));
}
