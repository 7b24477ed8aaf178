/** Address lists of header fields (RFC 5322 §3.4), groups flattened. What they name is shown, never routed by. */
import { addressParser } from "postal-mime";
import { cleanText, repairWords } from "./header-text.ts";
import type { Address } from "./parsed-message.ts";

/** Of one field name. More recipients than a mailing has, and few enough to go over RPC. */
const MAX_ADDRESSES = 2000;
/** Characters of all fields of the name. The library reads nested groups again at each of 50 levels. */
const MAX_FIELD = 128 * 1024;
const MAX_NAME = 512;
const MAX_EMAIL = 998;

/** Of all From fields. Whoever reads them to verify a sender (mail/authentication) does it with this limit too. */
export const MAX_FROM_CHARACTERS = 16 * 1024;

/** All addresses of the fields, in order, within so many characters. Entries with neither name nor address are left out. */
export function parseAddresses(fields: readonly string[], characters = MAX_FIELD): Address[] {
  const addresses: Address[] = [];
  let left = characters;
  for (const field of fields) {
    if (left <= 0 || addresses.length >= MAX_ADDRESSES) break;
    const text = repairWords(field.slice(0, left));
    left -= text.length;
    for (const entry of addressParser(text, { flatten: true })) {
      const address = toAddress(entry.name, entry.address ?? "");
      if (address !== null) addresses.push(address);
      if (addresses.length >= MAX_ADDRESSES) break;
    }
  }
  return addresses;
}

function toAddress(rawName: string, rawEmail: string): Address | null {
  const email = cleanText(rawEmail, MAX_EMAIL).replace(/\s+/g, "");
  const name = unquote(cleanText(rawName, MAX_NAME));
  return name === "" && email === "" ? null : { name: name === email ? "" : name, email };
}

/** Some mailers quote twice: `"'Ann Lee'" <ann@…>`. */
function unquote(name: string): string {
  const inner = /^'(.+)'$/.exec(name)?.[1] ?? /^"(.+)"$/.exec(name)?.[1];
  return inner === undefined ? name : inner.trim();
}
