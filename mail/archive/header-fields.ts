/** The header fields that importing looks at, which parsing does not keep: labels, flags, trace fields. */
import { CR, LF } from "../compose/bytes.ts";
import { decodeText } from "../parse/charset.ts";

/** A header beyond this has nothing more that an import needs. */
const MAX_HEADER = 256 * 1024;
const MAX_FIELDS = 2000;

const COLON = 0x3a;

interface FieldRange {
  /** Lower case; empty for a line that is no field. */
  name: string;
  start: number;
  /** Behind the colon. */
  value: number;
  end: number;
}

/** Fields with their continuation lines (RFC 5322 §2.2.3), up to the first empty line. */
export function* fieldRanges(bytes: Uint8Array): Generator<FieldRange> {
  const header = bytes.subarray(0, MAX_HEADER);
  let start = 0;
  for (let n = 0; n < MAX_FIELDS && start < header.byteLength; n++) {
    if (header[start] === LF || (header[start] === CR && header[start + 1] === LF)) return;
    let end = lineEnd(header, start);
    while (header[end] === 0x20 || header[end] === 0x09) end = lineEnd(header, end);
    const colon = header.subarray(start, Math.min(end, start + 100)).indexOf(COLON);
    const name =
      colon <= 0
        ? ""
        : decodeText(header.subarray(start, start + colon), null)
            .trim()
            .toLowerCase();
    yield { name, start, value: start + colon + 1, end };
    start = end;
  }
}

/** The values of these fields (lower case), unfolded, in their order from the top. */
export function headerFields(bytes: Uint8Array, names: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, value, end } of fieldRanges(bytes)) {
    if (!names.has(name)) continue;
    const text = decodeText(bytes.subarray(value, end), null)
      .replace(/[\r\n]+/g, "")
      .trim();
    found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(LF, from);
  return lf < 0 ? bytes.byteLength : lf + 1;
}
