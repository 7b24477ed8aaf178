/**
 * What of a message is verified: all of an honest one. Its sender chooses how much work it makes, so the work is bounded.
 * Each signature may ask for a hash of the whole body of its own: the topmost are looked at (RFC 6376 §6.1 leaves the
 * number to the verifier). Of a message whose shape alone costs too much only From is left: whom it says it is from must
 * be answered all the same.
 */
import { eachField, headerOf, isNamed } from "../../mail/header-fields.ts";

const MAX_SIGNATURES = 10;
/** A large message has fewer: each costs a second of work or more. */
const LARGE_BYTES = 4 * 1024 * 1024;
const MAX_SIGNATURES_OF_LARGE = 3;
/** Headers of honest mail have a tenth of it. */
const MAX_HEADER_BYTES = 256 * 1024;
/** mailauth joins a folded field line by line, at a cost that grows with their square: so much is a fifth of a second. */
const MAX_SQUARED_LINES = 40_000_000;
/** It joins a line chunk by chunk, at such a cost too. Some programs write an attachment of 4 MB on one line. */
const MAX_SQUARED_LINE_BYTES = 6_000_000 ** 2;
const MAX_FROM_FIELDS = 10;
const MAX_FROM_BYTES = 16 * 1024;

const LF = 0x0a;

/** The message in chunks, as it came where nothing is to be left out. */
export function toVerify(chunks: readonly Buffer[]): Buffer[] {
  const { header, rest } = splitHeader(chunks);
  const isTooMuch =
    headerOf(header).length > MAX_HEADER_BYTES ||
    squaredLines(header) > MAX_SQUARED_LINES ||
    squaredLineBytes(chunks) > MAX_SQUARED_LINE_BYTES;
  if (isTooMuch) return [...onlyFrom(header), Buffer.from("\r\n")];
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  return [...withSignatures(header, size > LARGE_BYTES ? MAX_SIGNATURES_OF_LARGE : MAX_SIGNATURES), ...rest];
}

/** The header, and as much of the body as its last chunk has. */
export const headerToVerify = (chunks: readonly Buffer[]): Buffer => splitHeader(chunks).header;

/** The length of each line, squared, together. */
function squaredLineBytes(chunks: readonly Buffer[]): number {
  let [sum, open] = [0, 0];
  for (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      sum += (open + end - start) ** 2;
      [start, open] = [end + 1, 0];
    }
    open += chunk.length - start;
  }
  return sum + open ** 2;
}

function squaredLines(header: Buffer): number {
  let sum = 0;
  eachField(header, (start, end) => {
    let lines = 0;
    for (let at = header.indexOf(LF, start); at !== -1 && at < end; at = header.indexOf(LF, at + 1)) lines++;
    sum += lines * lines;
    return sum <= MAX_SQUARED_LINES;
  });
  return sum;
}

function withSignatures(header: Buffer, most: number): Buffer[] {
  const kept: Buffer[] = [];
  let [from, signatures] = [0, 0];
  eachField(header, (start, end) => {
    if (isNamed(header, start, "dkim-signature") && ++signatures > most) {
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
    if (headerOf(header).length < header.length) return { header, rest: chunks.slice(taken) };
  }
  return { header: Buffer.concat(chunks), rest: [] };
}
