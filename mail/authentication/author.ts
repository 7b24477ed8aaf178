/**
 * Whom a message says it is from (RFC 5322 §3.6.2), as DMARC asks it (RFC 9989 §5.3.1). Programs read a damaged From each
 * in its own way, and whoever forges one writes it for two readers. What counts here is what this mesh shows; where that
 * is not what stands in the bytes, nobody is the author.
 */
import { parseDomain } from "../address/domain.ts";
import { eachField, type FieldPlace, isNamed } from "../header-fields.ts";
import { MAX_FROM_CHARACTERS, parseAddresses } from "../parse/addresses.ts";
import { decodeField } from "../parse/fields.ts";

const MAX_FROM_FIELDS = 10;
/** A character of UTF-8 has four at the most. */
const MAX_BYTES = 4 * MAX_FROM_CHARACTERS;

/** The addresses of its From field. Null without one, and with several fields: no two readers agree which one counts. */
export function authorsOf(bytes: Uint8Array): string[] | null {
  const [place, another] = fromFields(bytes, 2);
  if (place === undefined || another !== undefined || place.end - place.start > MAX_FROM_CHARACTERS) return null;
  const value = valueAt(bytes, place);
  const [shown, ...others] = readings([value]);
  return shown !== undefined && others.every((other) => sameList(shown, other)) ? shown : null;
}

/** The one domain that all of them are of, in A-labels. */
export function authorDomainOf(bytes: Uint8Array): string | null {
  const domains = new Set((authorsOf(bytes) ?? []).map(domainOf));
  const [domain] = domains;
  return domains.size === 1 ? (domain ?? null) : null;
}

/** In A-labels, every domain that some reader may take for the author's. What this mesh shows stands in front. */
export function claimedDomainsOf(bytes: Uint8Array): string[] {
  const values = fromFields(bytes, MAX_FROM_FIELDS).map((place) => valueAt(bytes, place).subarray(0, MAX_BYTES));
  const domains = readings(values).flat().map(domainOf);
  return [...new Set(domains.filter((domain) => domain !== null))];
}

function fromFields(bytes: Uint8Array, most: number): FieldPlace[] {
  const places: FieldPlace[] = [];
  eachField(bytes, (start, end) => {
    if (isNamed(bytes, start, "from")) places.push({ start, end });
    return places.length < most;
  });
  return places;
}

function valueAt(bytes: Uint8Array, { start, end }: FieldPlace): Uint8Array {
  const field = bytes.subarray(start, end);
  return field.subarray(field.indexOf(0x3a) + 1);
}

/** The addresses in these values as they are shown, and as they stand where that may be something else. */
function readings(values: readonly Uint8Array[]): string[][] {
  const shown = values.map((value) => decodeField(value, null));
  // ISO-2022-JP writes its letters with the characters of ASCII: addresses can be hidden in them, or made of them.
  const plain = values.map((value) =>
    new TextDecoder()
      .decode(value)
      .replace(/[\r\n]+/g, "")
      .trim(),
  );
  return (sameList(shown, plain) ? [shown] : [shown, plain]).map((texts) =>
    parseAddresses(texts, MAX_FROM_CHARACTERS).map(({ email }) => email),
  );
}

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((email, n) => email === other[n]);

function domainOf(email: string): string | null {
  const parsed = parseDomain(email.slice(email.lastIndexOf("@") + 1).replace(/\.$/, ""));
  return email.includes("@") && parsed.ok ? parsed.value : null;
}
