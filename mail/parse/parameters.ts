/**
 * Fields with parameters, such as `text/plain; charset=utf-8` (RFC 2045 §5.1) and `attachment; filename="a.pdf"`
 * (RFC 2183 §2), with the continuations and charsets of RFC 2231. Reads what senders write, not only what they may.
 */
import { decodeText } from "./charset.ts";

export interface ParameterField {
  /** Lower case. */
  value: string;
  parameters: Parameters;
}

/** By lower-case name. The first of a name wins, so that two readers of one message do not see two messages. */
type Parameters = ReadonlyMap<string, string>;

/** RFC 2231 §3 puts no end to the sections of one parameter. */
const MAX_SECTIONS = 1000;

const COMMENT = /\([^()]*\)/gu;
const FILE_NAME = /^(file)?name\b/u;

export function parseParameterField(field: string): ParameterField {
  const head = readUntil(field, 0, ";");
  // A semicolon forgotten after the value: `text/plain charset=us-ascii`.
  const [value = "", ...rest] = head.text.split(/\s+/);
  const text = `;${rest.join(" ")}${field.slice(head.end)}`;
  const parameters = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const name = readUntil(text, at + 1, ";=");
    at = name.end;
    const key = name.text.toLowerCase();
    const read = text.charAt(at) === "=" ? readValue(text, at + 1, FILE_NAME.test(key)) : { text: "", end: at };
    at = read.end;
    if (key !== "" && !parameters.has(key)) parameters.set(key, read.text);
  }
  return { value: value.toLowerCase(), parameters };
}

/** A parameter's text in full: the extended forms of RFC 2231 where there are any, the plain one otherwise. */
export function parameterText(parameters: Parameters, name: string): string | null {
  const extended = parameters.get(`${name}*`);
  if (extended !== undefined) return decodeExtended([{ text: extended, isEncoded: true }]);
  const sections: Section[] = [];
  for (let n = 0; n < MAX_SECTIONS; n++) {
    const encoded = parameters.get(`${name}*${n}*`);
    const plain = parameters.get(`${name}*${n}`);
    if (encoded !== undefined) sections.push({ text: encoded, isEncoded: true });
    else if (plain !== undefined) sections.push({ text: plain, isEncoded: false });
    else break;
  }
  return sections.length > 0 ? decodeExtended(sections) : (parameters.get(name) ?? null);
}

interface Section {
  text: string;
  isEncoded: boolean;
}

/**
 * RFC 2231 §4: the first encoded section begins with `charset'language'`. Sections are joined as bytes, because one
 * may end in the middle of a character.
 */
function decodeExtended(sections: Section[]): string {
  const [first] = sections;
  let charset = "utf-8";
  const texts = sections.map((section) => section.text);
  if (first?.isEncoded) {
    const prefix = /^([^']*)'[^']*'/.exec(first.text);
    if (prefix) {
      charset = prefix[1] ?? charset;
      texts[0] = first.text.slice(prefix[0].length);
    }
  }
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  sections.forEach((section, n) => {
    const raw = encoder.encode(texts[n] ?? "");
    for (let at = 0; at < raw.length; at++) {
      const byte = raw[at] ?? 0;
      const hex = section.isEncoded && byte === 0x25 ? String.fromCharCode(raw[at + 1] ?? 0, raw[at + 2] ?? 0) : "";
      if (/^[0-9a-f]{2}$/i.test(hex)) {
        bytes.push(Number.parseInt(hex, 16));
        at += 2;
      } else bytes.push(byte);
    }
  });
  return decodeText(Uint8Array.from(bytes), charset);
}

interface Read {
  text: string;
  end: number;
}

/** Text up to one of the stops, without its comments (RFC 2045 §5.1). A comment that holds a stop is not understood. */
function readUntil(text: string, from: number, stops: string): Read {
  let at = from;
  while (at < text.length && !stops.includes(text.charAt(at))) at++;
  return { text: text.slice(from, at).replace(COMMENT, " ").trim(), end: at };
}

function readValue(text: string, from: number, isFileName: boolean): Read {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  if (text.charAt(at) === '"') {
    const quoted = readQuoted(text, at + 1);
    // What stands between the closing quote and the next ";" is nobody's.
    return { text: quoted.text, end: readUntil(text, quoted.end, ";").end };
  }
  const semicolon = text.indexOf(";", at);
  const end = semicolon < 0 ? text.length : semicolon;
  const token = text.slice(at, end);
  // RFC 2045 §5.1, relaxed: a file name is kept with its spaces and brackets, as in `filename=Invoice (1).pdf` of many
  // a web mailer. In any other token a bracket after a space opens a comment: `charset=us-ascii (Plain text)`.
  return { text: (isFileName ? token : token.replace(/\s\(.*$/su, "")).trim(), end };
}

/**
 * A backslash escapes a quote or a backslash. Before any other character it stays, against RFC 5322 §3.2.1, relaxed:
 * senders write `filename="C:\Users\me\a.txt"`.
 */
function readQuoted(text: string, from: number): Read {
  const pieces: string[] = [];
  let at = from;
  let pieceStart = from;
  while (at < text.length && text.charAt(at) !== '"') {
    const next = text.charAt(at + 1);
    if (text.charAt(at) === "\\" && (next === '"' || next === "\\")) {
      pieces.push(text.slice(pieceStart, at), next);
      at += 2;
      pieceStart = at;
    } else at++;
  }
  pieces.push(text.slice(pieceStart, at));
  return { text: pieces.join(""), end: at + 1 };
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}
