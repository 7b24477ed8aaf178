/**
 * The line that begins a message in an mbox (RFC 4155): `From sender asctime-date`. Nobody ever agreed on more, so
 * reading is lenient about what stands around the date.
 */
import { parseDate } from "../parse/date.ts";

/** Lines longer than this are no From_ lines. */
export const MAX_FROM_LINE = 1000;

/** Ends the From_ lines that Mailmesh writes, as `remote from host` ended those of UUCP: see own-mark.ts. */
const OWN_MARK = " remote from mailmesh";

const DATE =
  /(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+(?:[a-z]{3}\s+\d{1,2}|\d{1,2}\s+[a-z]{3})\s+(?:\d{4}\s+)?\d{1,2}:\d{2}(?::\d{2})?\b.*?\d{2,4}/i;

export interface FromLine {
  /** Reverse-path as it was written; empty for MAILER-DAEMON and what says nothing. */
  sender: string;
  /** Milliseconds, or null without a date. */
  at: number | null;
  /** The message was written by Mailmesh. No other program's line ends so, whoever the sender is. */
  is_own: boolean;
}

export function isFromStart(line: Uint8Array): boolean {
  // "From "
  return line[0] === 0x46 && line[1] === 0x72 && line[2] === 0x6f && line[3] === 0x6d && line[4] === 0x20;
}

/** Whether a line that begins with `From ` has the date that makes it a separator beyond doubt. */
export function hasDate(line: Uint8Array): boolean {
  return line.byteLength <= MAX_FROM_LINE && DATE.test(latin1(line));
}

export function parseFromLine(line: Uint8Array): FromLine {
  const text = latin1(line.subarray(0, MAX_FROM_LINE)).trimEnd();
  const found = DATE.exec(text);
  const [, sender = ""] = /^From (\S*)/.exec(text) ?? [];
  return {
    sender: /^(?:-|mailer-daemon|nobody)$/i.test(sender) || !sender.includes("@") ? "" : sender,
    at: found === null ? null : parseDate(text.slice(found.index).replace(OWN_MARK, "")),
    is_own: text.endsWith(OWN_MARK),
  };
}

/** A From_ line of our own, with LF. The date is in UTC (RFC 4155 appendix A). */
export function formatFromLine(returnPath: string, at: number): string {
  const sender = /^[\x21-\x7e]+$/.test(returnPath) ? returnPath : "MAILER-DAEMON";
  const [weekday = "", day = "", month = "", year = "", time = ""] = new Date(at).toUTCString().split(/,? /);
  return `From ${sender} ${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}${OWN_MARK}\n`;
}

const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
