/**
 * The path in MAIL and RCPT: text after the colon in, the address as it was written on the wire out.
 *
 * The package's own reader turns `xn--` labels into Unicode, refuses every quoted local part that holds a space or an
 * `@`, and refuses the dots that some phone carriers hand out (`a..b.@example.jp`). The envelope decides where mail
 * goes, so it is passed on unchanged, and whether the address exists is the mesh's question.
 */
import { isIPv4, isIPv6 } from "node:net";
import { MAX_ADDRESS_OCTETS } from "../../contract/limits.ts";

export interface Path {
  /** Without brackets and source route; empty for the null reverse-path. */
  address: string;
  /** What follows the path: the ESMTP parameters. */
  parameters: string;
}

/** Controls and invisible characters forge logs and look-alike addresses; U+FFFD stands where the bytes were not UTF-8. */
const UNSAFE = /[\p{Cc}\u200b\u2060\ufeff\ufffd]/u;

/** RFC 5321 §4.1.2 and appendix C: a source route is read over, never followed. */
const SOURCE_ROUTE = /^@[^\s,:@<>]+(?:,@[^\s,:@<>]+)*:/;

/** RFC 5321 §4.1.2, relaxed: a dot may stand anywhere in an unquoted local part (NTT Docomo, HPE iLO send such). */
const LOCAL_PART = /^(?:[^\s<>@"\\]+|"(?:[^"\\]|\\.)*")$/u;

/** RFC 5321 §4.1.2 with U-labels (RFC 6531 §3.3), relaxed: `_` occurs in the names of real hosts. */
const LABEL = /^[a-z0-9_\u{80}-\u{10ffff}][a-z0-9_\u{80}-\u{10ffff}-]*$/iu;

export function parsePath(text: string, verb: "MAIL" | "RCPT"): Path | undefined {
  const trimmed = text.trim();
  const end = trimmed.startsWith("<") ? closingBracket(trimmed) : -1;
  if (end === -1) return undefined;
  const parameters = trimmed.slice(end + 1);
  if (parameters !== "" && !/^\s/.test(parameters)) return undefined;
  const address = trimmed.slice(1, end).replace(SOURCE_ROUTE, "");
  return isAcceptable(address, verb) ? { address, parameters: parameters.trim() } : undefined;
}

/** Brackets and backslashes inside a quoted local part are text (RFC 5321 §4.1.2 Quoted-string). */
function closingBracket(text: string): number {
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (character === ">" && !quoted) return at;
  }
  return -1;
}

function isAcceptable(address: string, verb: "MAIL" | "RCPT"): boolean {
  if (address === "") return verb === "MAIL";
  if (UNSAFE.test(address) || Buffer.byteLength(address) > MAX_ADDRESS_OCTETS) return false;
  // RFC 5321 §4.5.1: the one recipient that needs no domain.
  if (verb === "RCPT" && address.toLowerCase() === "postmaster") return true;
  const at = address.lastIndexOf("@");
  return at > 0 && LOCAL_PART.test(address.slice(0, at)) && isDomain(address.slice(at + 1));
}

function isDomain(domain: string): boolean {
  if (!domain.startsWith("[")) return domain.split(".").every((label) => LABEL.test(label));
  // RFC 5321 §4.1.3: an address literal.
  if (!domain.endsWith("]")) return false;
  const literal = domain.slice(1, -1);
  return /^ipv6:/i.test(literal) ? isIPv6(literal.slice(5)) : isIPv4(literal);
}
