/**
 * Charsets of mail that the WHATWG Encoding Standard leaves out, or maps to a single U+FFFD because a browser must not
 * guess at them: UTF-7, HZ and ISO-2022-KR. What is decoded here is text for a reader; HTML is sanitised afterwards.
 */

/** Decodes a charset named in lower case; null when it is not one of these. */
export function decodeLegacy(bytes: Uint8Array, charset: string): string | null {
  switch (charset) {
    case "utf-7":
    case "utf7":
    case "unicode-1-1-utf-7":
    case "csunicode11utf7":
      return decodeUtf7(bytes);
    case "hz-gb-2312":
    case "hz":
      return decodeHz(bytes);
    case "iso-2022-kr":
    case "csiso2022kr":
      return decodeIso2022Kr(bytes);
    default:
      return null;
  }
}

const PLUS = 0x2b;
const MINUS = 0x2d;

/** RFC 2152: `+` opens a run of UTF-16 in base64, `-` or any other character closes it, `+-` is a plus sign. */
function decodeUtf7(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let literal: number[] = [];
  const flush = () => {
    pieces.push(new TextDecoder("windows-1252").decode(Uint8Array.from(literal)));
    literal = [];
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== PLUS) {
      literal.push(byte);
      continue;
    }
    let bits = 0;
    let held = 0;
    let units = "";
    let next = at + 1;
    for (; next < bytes.length; next++) {
      const digit = base64Digit(bytes[next] ?? 0);
      if (digit < 0) break;
      held = ((held << 6) | digit) & 0x3fffff;
      bits += 6;
      if (bits >= 16) {
        bits -= 16;
        units += String.fromCharCode((held >> bits) & 0xffff);
      }
    }
    if (next === at + 1) literal.push(PLUS);
    else {
      flush();
      pieces.push(units);
    }
    at = bytes[next] === MINUS ? next : next - 1;
  }
  flush();
  return pieces.join("");
}

function base64Digit(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  if (byte === PLUS) return 62;
  return byte === 0x2f ? 63 : -1;
}

/** RFC 1843: `~{` and `~}` shift to GB 2312 and back, which is GBK with the high bits set; `~~` is a tilde. */
function decodeHz(bytes: Uint8Array): string {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === 0x7e && (next === 0x7b || next === 0x7d || next === 0x7e || next === 0x0a)) {
      if (next === 0x7b) shifted = true;
      if (next === 0x7d) shifted = false;
      if (next === 0x7e) out[length++] = byte;
      at++;
      continue;
    }
    if (byte === 0x0a) shifted = false;
    out[length++] = shifted && byte > 0x20 ? byte | 0x80 : byte;
  }
  return new TextDecoder("gbk").decode(out.subarray(0, length));
}

/** RFC 1557: SO and SI shift to KS X 1001 and back, which is EUC-KR with the high bits set. */
function decodeIso2022Kr(bytes: Uint8Array): string {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b && bytes[at + 1] === 0x24 && bytes[at + 2] === 0x29 && bytes[at + 3] === 0x43) at += 3;
    else if (byte === 0x0e || byte === 0x0f) shifted = byte === 0x0e;
    else {
      if (byte === 0x0a) shifted = false;
      out[length++] = shifted && byte > 0x20 ? byte | 0x80 : byte;
    }
  }
  return new TextDecoder("euc-kr").decode(out.subarray(0, length));
}
