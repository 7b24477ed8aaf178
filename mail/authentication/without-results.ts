/**
 * RFC 8601 §5: a field that says it is from here, and came with a message, was written by somebody else. It goes, so
 * that whoever reads the message later finds none but ours. Fields of other names stay: they claim nothing about us.
 */
import { eachField, type FieldPlace, fieldValue, isNamed, MAX_VALUE_BYTES } from "../header-fields.ts";
import { FieldScanner } from "./field-scanner.ts";

/** The same bytes where there is nothing to take out, which is nearly always. */
export function withoutResultsOf(bytes: Uint8Array<ArrayBuffer>, authservId: string): Uint8Array<ArrayBuffer> {
  const forged: FieldPlace[] = [];
  eachField(bytes, (start, end) => {
    if (claimsToBeFrom(bytes, { start, end }, authservId)) forged.push({ start, end });
    return true;
  });
  if (forged.length === 0) return bytes;
  const size = forged.reduce((sum, { start, end }) => sum - (end - start), bytes.byteLength);
  const kept = new Uint8Array(size);
  let [from, at] = [0, 0];
  for (const { start, end } of forged) {
    kept.set(bytes.subarray(from, start), at);
    at += start - from;
    from = end;
  }
  kept.set(bytes.subarray(from), at);
  return kept;
}

/** Whatever follows the name: what cannot be read here may be read by somebody more lenient. */
function claimsToBeFrom(bytes: Uint8Array, field: FieldPlace, authservId: string): boolean {
  if (!isNamed(bytes, field.start, "authentication-results")) return false;
  const claimed = new FieldScanner(fieldValue(bytes, field)).value();
  // A comment so long that no name is found behind it was not written in good faith.
  if (claimed === null) return field.end - field.start > MAX_VALUE_BYTES;
  return sameName(claimed, authservId);
}

/** RFC 8601 §2.5: compared without regard to case. A dot at the end is the same name in the DNS. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase().replace(/\.$/, "") === other.toLowerCase().replace(/\.$/, "");
}
