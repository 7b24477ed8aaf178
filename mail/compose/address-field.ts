/**
 * Address lists in headers (RFC 5322 §3.4). Any name and any address come out as one well-formed mailbox: the API
 * has checked addresses before, and what still cannot be one is written as `unwritable@invalid` (RFC 2606 §2), which
 * no server routes. The envelope, not the header, decides where mail goes.
 */
import { formatAddress, parseAddress } from "../address/address.ts";
import { isEightBit, utf8 } from "./bytes.ts";
import { encodeWords } from "./encoded-words.ts";
import { firstLineRoom, foldTokens, isPrintableAscii, oneLine, withoutControls } from "./header-text.ts";

export interface Address {
  name: string;
  email: string;
}

const UNWRITABLE = "unwritable@invalid";

/** RFC 5322 §3.2.3, specials but the dot. With one of them and no quotes, text is no address. */
const SPECIAL = /[()<>[\]:;@\\,"]/;

/** The longest field name for addresses: what fits its first line fits the first line of every other. */
const NAME_ROOM = firstLineRoom("Reply-To");

/** A whole field with its CRLF, or nothing at all for no addresses: `Bcc` goes in front of the sender's own copy so. */
export function formatAddressField(fieldName: string, addresses: readonly Address[]): string {
  return addresses.length === 0 ? "" : `${fieldName}: ${formatAddressList(fieldName, addresses)}\r\n`;
}

/** The field's value, folded between mailboxes, between a name and its address, and within long names. */
export function formatAddressList(fieldName: string, addresses: readonly Address[]): string {
  const tokens = addresses.flatMap(({ name, email }, index) => {
    const phrase = formatPhrase(name);
    const spec = formatAddrSpec(email);
    const comma = index < addresses.length - 1 ? "," : "";
    // Readers take the quotes off a local part that stands in no brackets, and with them what made it an address.
    const isBare = phrase.length === 0 && !spec.startsWith('"');
    return isBare ? [`${spec}${comma}`] : [...phrase, `<${spec}>${comma}`];
  });
  return foldTokens(fieldName, tokens);
}

/** True when an address can only be sent to a server that announces SMTPUTF8 (RFC 6531 §3.2). Domains never need it. */
export function hasUtf8LocalPart(email: string): boolean {
  return isEightBit(utf8(formatAddrSpec(email)));
}

/** A display name as tokens: bare words, or one quoted-string, or encoded-words (RFC 2047 §5 (3)). */
function formatPhrase(name: string): string[] {
  const text = oneLine(name).trim();
  if (text === "") return [];
  const words = text.split(" ");
  // An encoded-word is made of atom characters, so a name that looks like one is encoded again, not copied.
  const isPlain = isPrintableAscii(text) && !text.includes("=?") && !words.includes("");
  if (isPlain && words.every((word) => word.length <= NAME_ROOM && /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/.test(word))) {
    return words;
  }
  const quoted = quoteString(text);
  return isPlain && quoted.length <= NAME_ROOM ? [quoted] : encodeWords(text, NAME_ROOM, NAME_ROOM);
}

/**
 * `local@domain` in its canonical form, the domain as A-labels (mimetext leaves U-labels in), fit for a header and for
 * the fields of a delivery status. A local part that needs quotes and has none gets them: `a..b` is in real use.
 */
export function formatAddrSpec(email: string): string {
  const text = withoutControls(email).trim();
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  // `"a>, <b"@c` is valid. Readers such as postal-mime stop at the first bracket, quoted or not, and see two people.
  if (/[<>]/.test(local)) return UNWRITABLE;
  const lacksQuotes = !parseAddress(text).ok && !SPECIAL.test(local);
  const address = parseAddress(lacksQuotes ? `"${local}"${text.slice(at)}` : text);
  return address.ok && address.value.domain !== null ? formatAddress(address.value) : UNWRITABLE;
}

/** For reports (RFC 3464 §2.3.2, RFC 8098 §3.2.4); for a local part beyond ASCII its 7-bit form, utf-8-addr-xtext (RFC 6533 §3). */
export function typedAddress(address: string): string {
  const spec = formatAddrSpec(address);
  if (!isEightBit(utf8(spec))) return `rfc822; ${spec}`;
  const xtext = spec.replace(/[^!-*,-<>-[\]-~]/gu, (character) => {
    return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
  });
  return `utf-8; ${xtext}`;
}

/** RFC 5322 §3.2.4 */
function quoteString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
