/**
 * Bytes to text, whatever the sender calls the charset. A label is a claim: it is followed where a decoder for it
 * exists and the bytes allow it, and otherwise the bytes are looked at. The result is always well-formed and never an
 * error; only bytes that are nothing at all become U+FFFD.
 */
import { decodeLegacy } from "./legacy-charsets.ts";

/** Labels that mail uses and the WHATWG Encoding Standard does not list, in the spelling of `normalizeLabel`. */
const ALIASES = new Map([
  ["cp932", "shift_jis"],
  ["windows-932", "shift_jis"],
  ["cp936", "gbk"],
  ["ms936", "gbk"],
  ["windows-936", "gbk"],
  ["cp949", "euc-kr"],
  ["ms949", "euc-kr"],
  ["uhc", "euc-kr"],
  ["cp950", "big5"],
  ["ms950", "big5"],
  ["windows-950", "big5"],
  ["cp874", "windows-874"],
  ["eucjp", "euc-jp"],
  ["eucjp-ms", "euc-jp"],
  ["euckr", "euc-kr"],
  ["cp51932", "euc-jp"],
  ["cp50220", "iso-2022-jp"],
  ["cp50221", "iso-2022-jp"],
  ["iso-2022-jp-1", "iso-2022-jp"],
  ["iso-2022-jp-2", "iso-2022-jp"],
  ["iso-2022-jp-ms", "iso-2022-jp"],
  ["latin-1", "windows-1252"],
  ["cp-1252", "windows-1252"],
  ["macroman", "macintosh"],
]);

/** Labels that say nothing: RFC 2045 §5.2's default, the names that gateways make up, and bare "8bit". */
const SAYS_NOTHING =
  /^(|.*ascii.*|ansi_x3\.4-1968|8bit|7bit|binary|default|none|null|unknown.*|x-unknown|user-defined)$/;

const utf8Strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
const utf8 = new TextDecoder("utf-8");
const windows1252 = new TextDecoder("windows-1252");

/** Decoders by label, null where there is none. Labels come from senders: only a bounded number is remembered. */
const decoders = new Map<string, TextDecoder | null>();
const MAX_DECODERS = 200;

/** Arguments of one call go on the stack. */
const CHUNK = 4096;

/** Decodes a text of which the sender says that it is in `label`. */
export function decodeText(bytes: Uint8Array, label: string | null): string {
  const charset = normalizeLabel(label ?? "");
  return decodeAs(bytes, charset).toWellFormed();
}

/** Is there a way to decode this charset by its name? */
export function isKnownCharset(label: string): boolean {
  const charset = normalizeLabel(label);
  return (
    !SAYS_NOTHING.test(charset) && (decoderFor(charset) !== null || decodeLegacy(new Uint8Array(), charset) !== null)
  );
}

/** One character for each byte, the one of the same number: for comparing bytes as strings. */
export function bytesAsString(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK) return String.fromCharCode(...bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += bytesAsString(bytes.subarray(at, at + CHUNK));
  return text;
}

function decodeAs(bytes: Uint8Array, charset: string): string {
  if (SAYS_NOTHING.test(charset)) return decodeUnlabelled(bytes);
  const legacy = decodeLegacy(bytes, charset);
  if (legacy !== null) return legacy;
  const decoder = decoderFor(charset);
  if (decoder === null) return decodeUnlabelled(bytes);
  if (decoder.encoding === "utf-8") return decodeMostlyUtf8(bytes);
  // A text in UTF-16 has zero bytes for its line ends. Without any it is something else under a wrong name.
  if (decoder.encoding.startsWith("utf-16") && !bytes.includes(0)) return decodeUnlabelled(bytes);
  return decoder.decode(bytes);
}

/** UTF-8 proves itself: other 8-bit text almost never passes for it. Escapes of ISO-2022-JP are 7-bit and as telling. */
function decodeUnlabelled(bytes: Uint8Array): string {
  return hasJisEscape(bytes) ? new TextDecoder("iso-2022-jp").decode(bytes) : decodeMostlyUtf8(bytes);
}

/** Text cut in the middle of a character is still UTF-8; text in which most of it is broken never was. */
function decodeMostlyUtf8(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  let broken = 0;
  let intact = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) intact++;
  }
  return broken > intact ? windows1252.decode(bytes) : text;
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8Strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** `ESC $ @`, `ESC $ B`, `ESC $ ( D` (RFC 1468, RFC 2237): no plain text has them. */
export function hasJisEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1)) {
    const final = bytes[at + 2];
    if (bytes[at + 1] === 0x24 && (final === 0x40 || final === 0x42 || final === 0x28)) return true;
  }
  return false;
}

function normalizeLabel(label: string): string {
  return label
    .slice(0, 60)
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, "")
    .trim();
}

function decoderFor(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  const decoder = newDecoder(charset) ?? newDecoder(canonicalLabel(charset));
  if (decoders.size < MAX_DECODERS) decoders.set(charset, decoder);
  return decoder;
}

/** `x-cp932`, `CP_932`, `csEUCKR`, `ISO8859-1` … with the decorations taken off. */
function canonicalLabel(charset: string): string {
  const plain = charset.replace(/^(x-ms-|x-|cs)/, "").replaceAll("_", "-");
  const iso = /^iso-?8859-?(\d{1,2})/.exec(plain);
  const codePage = /^(?:cp|windows|win|ms|ansi)-?(125[0-8])$/.exec(plain);
  if (iso) return `iso-8859-${iso[1]}`;
  if (codePage) return `windows-${codePage[1]}`;
  return ALIASES.get(plain) ?? plain;
}

function newDecoder(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}
