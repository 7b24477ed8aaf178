/**
 * The message as its reader sees it: text and HTML put together from the text parts. Of a multipart/alternative one
 * representation is taken (RFC 2046 §5.1.4), anything else is shown one after the other.
 */
import { htmlToText } from "../text/html-to-text.ts";
import { decodeText } from "./charset.ts";
import { unflow } from "./flowed-text.ts";
import type { Part } from "./structure.ts";
import { decodeBody } from "./transfer-encoding.ts";

/** One thing said once: a text part, or all the representations of an alternative. */
export interface Passage {
  plain: Part[];
  html: Part[];
}

export interface BodyText {
  text: string;
  html: string | null;
  /** Something was left out, because it was longer than a mailbox can keep at hand. */
  isCut: boolean;
}

/** What crosses RPC and is kept in a row. The whole is in the raw message. */
const MAX_TEXT_CHARACTERS = 1024 * 1024;
/** Twice as much, for the markup. */
const MAX_HTML_CHARACTERS = 2 * MAX_TEXT_CHARACTERS;
/** Bytes that one character may take: no charset needs more than four, and a transfer encoding at most triples them. */
const BYTES_PER_CHARACTER = { identity: 4, base64: 6, "quoted-printable": 12 } as const;

export function readBodyText(bytes: Uint8Array, passages: readonly Passage[]): BodyText {
  const texts: string[] = [];
  const htmls: string[] = [];
  const hasHtml = passages.some((passage) => passage.html.length > 0);
  for (const passage of passages) {
    const plain = joined(bytes, passage.plain, readPlain, MAX_TEXT_CHARACTERS);
    const html = joined(bytes, passage.html, readHtml, MAX_HTML_CHARACTERS);
    // Some senders fill the plain alternative with blanks: then the words are in the HTML alone.
    texts.push(plain.trim() === "" && html !== "" ? htmlToText(html) : plain);
    if (hasHtml) htmls.push(html === "" ? textToHtml(plain) : html);
  }
  const text = texts.join("\n");
  const html = htmls.join("\n");
  return {
    text: cut(text, MAX_TEXT_CHARACTERS),
    html: hasHtml ? cut(html, MAX_HTML_CHARACTERS) : null,
    isCut: text.length > MAX_TEXT_CHARACTERS || html.length > MAX_HTML_CHARACTERS,
  };
}

/** Bytes without any structure, for a message that has none. */
export function readRawText(bytes: Uint8Array): string {
  return cleanBody(decodeText(bytes.subarray(0, MAX_TEXT_CHARACTERS), null));
}

/** Control characters that no text has, and half characters that no store takes. Line ends become `\n`. */
function cleanBody(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff]/g, "")
      .toWellFormed()
  );
}

/** One character more than the limit is enough to know that there was more. */
function joined(bytes: Uint8Array, parts: Part[], read: typeof readPlain, limit: number): string {
  const pieces: string[] = [];
  let left = limit + 1;
  for (const part of parts) {
    if (left <= 0) break;
    const piece = read(bytes, part, left);
    left -= piece.length + 1;
    pieces.push(piece);
  }
  return pieces.join("\n");
}

function readPlain(bytes: Uint8Array, part: Part, limit: number): string {
  const { parameters } = part.type;
  const text = readCharacters(decodedBytes(bytes, part, limit), parameters.get("charset") ?? null, limit);
  return parameters.get("format")?.toLowerCase() === "flowed"
    ? unflow(text, parameters.get("delsp")?.toLowerCase() === "yes")
    : text;
}

function readHtml(bytes: Uint8Array, part: Part, limit: number): string {
  const body = decodedBytes(bytes, part, limit);
  return readCharacters(body, part.type.parameters.get("charset") ?? charsetOfMeta(body), limit);
}

/** Cleaning may halve a text, whose line ends have two characters; more than it can leave is not cleaned. */
function readCharacters(body: Uint8Array, charset: string | null, limit: number): string {
  return cleanBody(decodeText(body, charset).slice(0, 2 * limit)).slice(0, limit);
}

function decodedBytes(bytes: Uint8Array, part: Part, limit: number): Uint8Array {
  const end = Math.min(part.bodyEnd, part.bodyStart + limit * BYTES_PER_CHARACTER[part.encoding]);
  return decodeBody(bytes.subarray(part.bodyStart, end), part.encoding);
}

/** A document without a charset in its Content-Type may name one itself, near its start. */
function charsetOfMeta(body: Uint8Array): string | null {
  const start = decodeText(body.subarray(0, 1024), "latin1");
  return /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start)?.[1] ?? null;
}

function textToHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped === "" ? "" : `<div>${escaped.replaceAll("\n", "<br>\n")}</div>`;
}

function cut(text: string, limit: number): string {
  return text.slice(0, limit).toWellFormed();
}
