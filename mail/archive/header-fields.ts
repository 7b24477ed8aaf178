/** The header fields that importing looks at, which parsing does not keep: labels, flags, trace fields. */
import { decodeText } from "../parse/charset.ts";

/** A header beyond this has nothing more that an import needs. */
const MAX_HEADER = 256 * 1024;
const MAX_FIELDS = 2000;

const LF = 10;
const CR = 13;

/** The values of these fields (lower case), unfolded, in their order from the top. */
export function headerFields(bytes: Uint8Array, names: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const header = bytes.subarray(0, MAX_HEADER);
  let at = 0;
  for (let n = 0; n < MAX_FIELDS && at < header.byteLength; n++) {
    if (header[at] === LF || (header[at] === CR && header[at + 1] === LF)) break;
    let end = lineEnd(header, at);
    while (header[end] === 0x20 || header[end] === 0x09) end = lineEnd(header, end);
    const colon = header.subarray(at, Math.min(end, at + 100)).indexOf(0x3a);
    const name =
      colon <= 0
        ? ""
        : decodeText(header.subarray(at, at + colon), null)
            .trim()
            .toLowerCase();
    if (names.has(name)) {
      const value = decodeText(header.subarray(at + colon + 1, end), null)
        .replace(/[\r\n]+/g, "")
        .trim();
      found.set(name, [...(found.get(name) ?? []), value]);
    }
    at = end;
  }
  return found;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(LF, from);
  return lf < 0 ? bytes.byteLength : lf + 1;
}
