/**
 * What every header field shares: values that cannot break out of their line, and folding. A value that leaves here is
 * what follows `Name: `, with its CRLFs in it, and without the last one.
 */
import { utf8 } from "./bytes.ts";
import { encodeWords } from "./encoded-words.ts";

/**
 * RFC 2047 §2 limits a line that holds an encoded-word to 76 characters; RFC 5322 §2.1.1 asks for 78 on all. One
 * number for both.
 */
export const MAX_HEADER_LINE = 76;

/**
 * One line of text: the only door for what a person wrote into a header. CR, LF and NUL would end the field and start
 * one of the writer's choice. The other controls, and what Unicode calls line separators, go the same way: some
 * readers decode a header first and split it into lines after.
 */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** For addresses, ids and media types, which have no spaces to put in a control's place. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, "");
}

export function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** The room that a field's name leaves on its first line. */
export function firstLineRoom(fieldName: string): number {
  return MAX_HEADER_LINE - fieldName.length - 2;
}

/**
 * Joins tokens by one space, and folds (RFC 5322 §2.2.3) where the next would pass the line. A token is never broken.
 * One too long for the first line starts the second (`In-Reply-To:` and a long id), as Exchange and nodemailer do.
 */
export function foldTokens(fieldName: string, tokens: readonly string[]): string {
  let value = "";
  let room = firstLineRoom(fieldName);
  for (const [index, token] of tokens.entries()) {
    const width = utf8(token).length;
    const gap = index === 0 ? 0 : 1;
    if (gap + width <= room) {
      value += gap === 0 ? token : ` ${token}`;
      room -= gap + width;
    } else {
      value += `\r\n ${token}`;
      room = MAX_HEADER_LINE - 1 - width;
    }
  }
  return value;
}

/**
 * Unstructured text, such as a subject (RFC 5322 §2.2.1). Plain ASCII stays readable. All else becomes encoded-words:
 * other alphabets; a literal `=?`, which readers would decode; spaces at an end or in a row, which readers drop; a word
 * too long to fold, which an encoded-word can break.
 */
export function formatText(fieldName: string, text: string): string {
  const line = oneLine(text);
  if (line === "") return "";
  const words = line.split(" ");
  const isPlain =
    isPrintableAscii(line) &&
    !line.includes("=?") &&
    words.every((word) => word !== "" && word.length < MAX_HEADER_LINE);
  return foldTokens(fieldName, isPlain ? words : encodeWords(line, firstLineRoom(fieldName)));
}

/** RFC 5322 §3.3, in UTC: the sender's place in the world is nobody's business. */
export function formatDate(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new RangeError("not a date");
  return date.toUTCString().replace("GMT", "+0000");
}
