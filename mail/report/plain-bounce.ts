/**
 * Bounces for people's eyes alone: what qmail, Exim, old sendmail, Exchange, Domino and others write (bounce-texts.ts).
 * Line by line: a line that names a recipient begins an entry, what follows it up to an empty line are its words.
 */
import { cleanText } from "../parse/header-text.ts";
import { OPENINGS, RETURNED_FROM } from "./bounce-texts.ts";
import { first, linesOf } from "./field-lines.ts";
import { type OpenedMessage, wordsOf } from "./opened-message.ts";
import { MAX_REPORTED_RECIPIENTS, type Report, type ReportedRecipient } from "./report.ts";
import { returnedMessage } from "./returned-message.ts";
import { statusOf } from "./status-code.ts";

/** A server begins with what it is. What is found further down was written by somebody else. */
const MAX_OPENING = 4000;
const MAX_LINE = 1000;
const MAX_WORDS = 500;

export function readPlainBounce(message: OpenedMessage): Report | null {
  const text = wordsOf(message);
  const beginning = text.slice(0, MAX_OPENING);
  const opening = OPENINGS.find(({ words }) => words.test(beginning));
  const named = addressesIn(first(message.header, "x-failed-recipients") ?? "");
  if (opening === undefined && named.length === 0) return null;
  const start = opening ? beginning.search(opening.words) : 0;
  const end = RETURNED_FROM.exec(text)?.index ?? text.length;
  const said = text.slice(start, end);
  const isDelay = opening?.isDelay === true;
  const found = entriesIn(said);
  for (const address of named) if (!found.has(address)) found.set(address, "");
  // A server that lists the addresses first and what was said further down (sendmail) is listened to once more.
  const session = refusalsIn(said);
  const recipients = [...found].slice(0, MAX_REPORTED_RECIPIENTS).map(([address, words]): ReportedRecipient => {
    const line = cleanText(words.trim() || session(address), MAX_WORDS);
    return {
      ...{ address, original_address: null, action: isDelay ? "delayed" : "failed", remote_mta: null },
      status: statusOf(null, line),
      diagnostic: line || null,
    };
  });
  const { message_id, mail_from } = returnedMessage(message, end < text.length ? text.slice(end) : said);
  return {
    kind: isDelay ? "delay" : "failure",
    recipients,
    original_message_id: message_id,
    original_mail_from: mail_from,
  };
}

const ADDRESS = String.raw`[^\s<>()[\]:;,"|]{1,64}@[^\s<>()[\]:;,"|@]{1,255}`;
/** `<bob@far.example>: words` · `  bob@far.example` · `bob@far.example on Tue, …` · `bob@far.example, ERROR CODE :550` */
const ENTRY = new RegExp(
  String.raw`^[ \t]{0,12}(?:<(${ADDRESS})>|(${ADDRESS}))(?=$|[\s:,(.])[ \t]*[:,.]{0,3}(.*)$`,
  "i",
);
/** Lines of the session, which name the recipient again. */
const OF_SESSION = /^[ \t]*(?:>>>|<<<|[245]\d\d[ -])/;

/** The addresses that are reported on, each once, and what stands with each. */
function entriesIn(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  let current: string | null = null;
  let isInWords = false;
  for (const whole of linesOf(text)) {
    const line = whole.slice(0, MAX_LINE);
    const [, bracketed, bare, rest = ""] = OF_SESSION.test(line) ? [] : (ENTRY.exec(line) ?? []);
    const address = bracketed ?? bare?.replace(/\.$/, "");
    if (address !== undefined && (!isInWords || bracketed !== undefined || rest.trim() === "")) {
      if (entries.size >= MAX_REPORTED_RECIPIENTS) break;
      if (!entries.has(address)) entries.set(address, rest);
      current = address;
      isInWords = rest.trim() !== "";
    } else if (/^\s*-{3,}/.test(line)) {
      current = null;
    } else if (line.trim() === "") {
      // Words may follow behind an empty line; behind a second paragraph they are about something else.
      if (isInWords) current = null;
      isInWords = false;
    } else if (current !== null) {
      const words = entries.get(current) ?? "";
      if (words.length < 4 * MAX_WORDS) entries.set(current, `${words} ${line.trim()}`);
      isInWords = true;
    }
  }
  return entries;
}

/** What the other server said to each recipient: `<<< 550 5.1.1 <bob@far.example>... User unknown`. */
function refusalsIn(text: string): (address: string) => string {
  const lines: string[] = [];
  for (const whole of linesOf(text)) {
    const [, reply] = /^[ \t]*(?:<<<[ \t]*)?([45]\d\d[ -].*)$/.exec(whole.slice(0, MAX_LINE)) ?? [];
    if (reply !== undefined && lines.push(reply) >= 100) break;
  }
  return (address) => lines.find((line) => line.includes(address)) ?? (lines.length === 1 ? (lines[0] ?? "") : "");
}

const addressesIn = (list: string): string[] =>
  Array.from(list.matchAll(new RegExp(ADDRESS, "g")), ([address]) => address).slice(0, MAX_REPORTED_RECIPIENTS);
