/**
 * What of a message is verified. It may have any number of signatures, and each may ask for a hash of the whole body of
 * its own, so only the topmost are looked at (RFC 6376 §6.1 leaves the number to the verifier). Of a header that is too
 * long to be looked at only From is left: who it says it is from must be answered all the same.
 */
import { eachField, isNamed } from "../../mail/header-fields.ts";

export const MAX_SIGNATURES = 10;
/** Headers of honest mail have a tenth of it. */
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_FROM_FIELDS = 10;
const MAX_FROM_BYTES = 16 * 1024;

/** The message in chunks, as it came where nothing is to be left out. */
export function toVerify(chunks: readonly Buffer[]): Buffer[] {
  const { header, rest } = splitHeader(chunks);
  if (endOfHeader(header) > MAX_HEADER_BYTES) return [...onlyFrom(header), Buffer.from("\r\n")];
  return [...withFewSignatures(header), ...rest];
}

function withFewSignatures(header: Buffer): Buffer[] {
  const kept: Buffer[] = [];
  let [from, signatures] = [0, 0];
  eachField(header, (start, end) => {
    if (isNamed(header, start, "dkim-signature") && ++signatures > MAX_SIGNATURES) {
      kept.push(header.subarray(from, start));
      from = end;
    }
    return true;
  });
  return [...kept, header.subarray(from)];
}

function onlyFrom(header: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  eachField(header, (start, end) => {
    if (isNamed(header, start, "from") && end - start <= MAX_FROM_BYTES) fields.push(header.subarray(start, end));
    return fields.length < MAX_FROM_FIELDS;
  });
  return fields;
}

/** The chunks that hold the header, as one. Nearly always it is in the first. */
function splitHeader(chunks: readonly Buffer[]): { header: Buffer; rest: readonly Buffer[] } {
  for (let taken = 1; taken < chunks.length; taken *= 2) {
    const header = Buffer.concat(chunks.slice(0, taken));
    if (endOfHeader(header) < header.length) return { header, rest: chunks.slice(taken) };
  }
  return { header: Buffer.concat(chunks), rest: [] };
}

/** Where the first empty line is, or the end. DATA has lines that end in CRLF, and from some senders in LF alone. */
function endOfHeader(bytes: Buffer): number {
  const ends = [bytes.indexOf("\r\n\r\n"), bytes.indexOf("\n\n"), bytes.indexOf("\n\r\n")].filter((at) => at !== -1);
  return Math.min(bytes.length, ...ends);
}
