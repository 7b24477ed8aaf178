/**
 * The first fields of a header by their names, whatever these are, for whoever asks for many of them or for all. One or two
 * that are known are found faster where they lie: header-fields.ts.
 */
import { eachField } from "./header-fields.ts";
import { decodeText } from "./parse/charset.ts";

/** Who asks here for names needs nothing of what a header has beyond this. */
const MAX_HEADER = 256 * 1024;
const MAX_FIELDS = 2000;
const LONGEST_NAME = 99;

const COLON = 0x3a;

interface NamedField {
  /** Lower case; empty for a line that is no field. */
  name: string;
  start: number;
  /** Behind the colon. */
  value: number;
  end: number;
}

/** In their order from the top, each with its continuation lines. */
export function namedFields(bytes: Uint8Array): NamedField[] {
  const header = bytes.subarray(0, MAX_HEADER);
  const fields: NamedField[] = [];
  eachField(header, (start, end) => {
    const colon = header.subarray(start, Math.min(end, start + LONGEST_NAME + 1)).indexOf(COLON);
    const name = decodeText(header.subarray(start, start + Math.max(0, colon)), null);
    fields.push({ name: name.trim().toLowerCase(), start, value: start + colon + 1, end });
    return fields.length < MAX_FIELDS;
  });
  return fields;
}

/** The values of these fields (lower case), unfolded, in their order from the top. */
export function textsOfFields(bytes: Uint8Array, names: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, value, end } of namedFields(bytes)) {
    if (!names.has(name)) continue;
    const text = decodeText(bytes.subarray(value, end), null)
      .replace(/[\r\n]+/g, "")
      .trim();
    found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}
