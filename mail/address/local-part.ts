/**
 * The part before the "@": RFC 5321 §4.1.2 with the widening of RFC 6531 §3.3. One mailbox can be written in several
 * ways (`"alice"`, `al\ice` in quotes); all of them come out as one string, so that comparing strings compares names.
 */
import { fail, ok, type Result } from "../result.ts";

export type LocalPartError =
  | { reason: "local_part_empty" }
  | { reason: "local_part_too_long"; octets: number; limit: number }
  | { reason: "local_part_character"; at: number; got: string }
  | { reason: "local_part_dot"; at: number }
  | { reason: "local_part_quote_unclosed" }
  | { reason: "local_part_after_quote"; at: number };

/** RFC 5321 §4.5.3.1.1 */
const MAX_LOCAL_PART_OCTETS = 64;

/** RFC 5322 §3.2.3 atext, and every character outside ASCII (RFC 6531 §3.3). */
const ATEXT = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u{80}-\u{10FFFF}]$/u;
const DOT_STRING =
  /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u{80}-\u{10FFFF}]+(\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u{80}-\u{10FFFF}]+)*$/u;

/** Reads a local part that holds no control character (parseAddress has looked) into its canonical written form. */
export function parseLocalPart(text: string): Result<string, LocalPartError> {
  const unquoted = text.startsWith('"') ? readQuoted(text) : readDotString(text);
  if (!unquoted.ok) return unquoted;
  // RFC 6531 §3.3 leaves normalisation to the receiving system; RFC 5198 §3 asks for NFC on the wire.
  const canonical = write(unquoted.value.normalize("NFC"));
  const octets = new TextEncoder().encode(canonical).length;
  if (octets > MAX_LOCAL_PART_OCTETS) {
    return fail({ reason: "local_part_too_long", octets, limit: MAX_LOCAL_PART_OCTETS });
  }
  return ok(canonical);
}

/**
 * The form that names are looked up by. RFC 5321 §2.4 leaves the case of a local part to the receiving host: here it
 * does not matter, in any script. Never show it, and never send to it on another host.
 */
export function canonicalLocalPart(localPart: string): string {
  // The final sigma is the one letter whose lower-case form depends on its neighbours. "İ" becomes two characters,
  // which must compose again.
  return localPart.normalize("NFC").toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}

/**
 * `alice+news` is `["alice", "news"]`: the account, and the tag its owner chose (RFC 5233 §4). A name that begins with
 * "+" has no account before the sign and is not divided.
 */
export function splitTag(localPart: string): [name: string, tag: string | null] {
  const quoted = localPart.startsWith('"');
  const plain = quoted ? unescapeQuoted(localPart) : localPart;
  const plus = plain.indexOf("+");
  if (plus <= 0) return [localPart, null];
  return [write(plain.slice(0, plus)), plain.slice(plus + 1)];
}

function readDotString(text: string): Result<string, LocalPartError> {
  if (text === "") return fail({ reason: "local_part_empty" });
  let at = 0;
  let afterDot = true;
  for (const character of text) {
    if (character === ".") {
      if (afterDot) return fail({ reason: "local_part_dot", at });
      afterDot = true;
    } else {
      if (!ATEXT.test(character)) return fail({ reason: "local_part_character", at, got: character });
      afterDot = false;
    }
    at += character.length;
  }
  return afterDot ? fail({ reason: "local_part_dot", at: at - 1 }) : ok(text);
}

/** Quoted-string = DQUOTE *QcontentSMTP DQUOTE; a backslash takes the next character as it is. */
function readQuoted(text: string): Result<string, LocalPartError> {
  let content = "";
  for (let at = 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      if (at !== text.length - 1) return fail({ reason: "local_part_after_quote", at: at + 1 });
      return content === "" ? fail({ reason: "local_part_empty" }) : ok(content);
    }
    if (character === "\\") at++;
    content += text.charAt(at);
  }
  return fail({ reason: "local_part_quote_unclosed" });
}

function unescapeQuoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gsu, "$1");
}

/** RFC 5321 §4.1.2: a quoted-string that could be a dot-string is the same mailbox, and SHOULD be written without. */
function write(name: string): string {
  return DOT_STRING.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`;
}
