/**
 * Where the parts of a message are: one pass over the bytes, no copy of them, work and memory bounded whatever they
 * hold. postal-mime 4.0 keeps every line of a body as an object of its own: a plain text of 25 MiB took 821 MB and one
 * of empty lines ended the process, where a Worker has 128 MB. Here positions are all that is kept.
 */
import { bytesAsString } from "./charset.ts";
import { type Field, fieldBytesAsString, isFieldStart, isHeaderStart, readFields } from "./fields.ts";
import { OpenBoundaries } from "./open-boundaries.ts";
import { type ParameterField, parseParameterField } from "./parameters.ts";
import { parseTransferEncoding, type TransferEncoding } from "./transfer-encoding.ts";

export interface Part {
  fields: Field[];
  type: ParameterField;
  encoding: TransferEncoding;
  /** The body's bytes, still encoded, without the line end that belongs to the next boundary (RFC 2046 §5.1.1). */
  bodyStart: number;
  bodyEnd: number;
  /** Empty unless this is a multipart in which parts were found. */
  parts: Part[];
}

export interface Structure {
  root: Part;
  /** Limits met on the way. What lies beyond them is still in some part's body. */
  limits: Set<"header_size" | "depth" | "part_count">;
}

const MAX_DEPTH = 100;
const MAX_PARTS = 1000;
/** Of the message's header and of each part's. RFC 5322 has no limit; real headers are below 100 kB. */
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_PART_HEADER_BYTES = 64 * 1024;
/** RFC 2046 §5.1.1 allows 70 characters. A longer line is no boundary. */
const MAX_BOUNDARY_LINE = 1000;

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

interface Open {
  part: Part;
  boundary: string;
}

export function readStructure(bytes: Uint8Array): Structure {
  const scan = new Scan(bytes);
  scan.run();
  return { root: scan.root, limits: scan.limits };
}

class Scan {
  readonly limits: Structure["limits"] = new Set();
  readonly root: Part;
  readonly #bytes: Uint8Array;
  /** Multiparts around the current position, outermost first. */
  #open: Open[] = [];
  readonly #boundaries = new OpenBoundaries();
  #partCount = 1;
  /** The part whose header or body is being read; null in a preamble or an epilogue. */
  #part: Part | null;
  #isInHeader = true;
  #headerStart = 0;
  #dashLinesInHeader = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.root = newPart(0, null);
    this.#part = this.root;
    this.#headerStart = mboxLineEnd(bytes);
  }

  run(): void {
    const bytes = this.#bytes;
    let lineStart = this.#headerStart;
    while (lineStart < bytes.length) {
      let lineEnd = lineStart;
      while (lineEnd < bytes.length && bytes[lineEnd] !== LF) lineEnd++;
      if (bytes[lineStart] === DASH && bytes[lineStart + 1] === DASH) this.#boundaryLine(lineStart, lineEnd);
      else if (this.#isInHeader) this.#headerLine(lineStart, lineEnd);
      lineStart = lineEnd + 1;
    }
    this.#closePart(bytes.length);
    for (const { part } of this.#open) part.bodyEnd = bytes.length;
  }

  #headerLine(lineStart: number, lineEnd: number): void {
    const isFirst = lineStart === this.#headerStart;
    const isBlank = lineEnd === lineStart || (lineEnd === lineStart + 1 && this.#bytes[lineStart] === CR);
    if (isBlank) this.#endHeader(lineStart, lineEnd + 1);
    // A body that was given no header, and not even the empty line for it.
    else if (isFirst && !isHeaderStart(this.#bytes, lineStart)) this.#endHeader(lineStart, lineStart);
  }

  #endHeader(headerEnd: number, bodyStart: number): void {
    this.#isInHeader = false;
    const part = this.#part;
    if (part === null) return;
    const isRoot = part === this.root;
    const limit = this.#headerStart + (isRoot ? MAX_HEADER_BYTES : MAX_PART_HEADER_BYTES);
    if (headerEnd > limit) this.limits.add("header_size");
    part.fields = readFields(this.#bytes, this.#headerStart, Math.min(headerEnd, limit));
    part.bodyStart = Math.min(bodyStart, this.#bytes.length);
    part.bodyEnd = part.bodyStart;
    const contentType = fieldBytesAsString(part.fields, "content-type");
    // An empty field is one that nobody filled in: the default of the place holds (RFC 2045 §5.2).
    if (contentType) part.type = parseParameterField(contentType);
    part.encoding = parseTransferEncoding(fieldBytesAsString(part.fields, "content-transfer-encoding") ?? "");
    this.#openMultipart(part);
  }

  #openMultipart(part: Part): void {
    if (!part.type.value.startsWith("multipart/")) return;
    const boundary = part.type.parameters.get("boundary")?.trimEnd();
    if (!boundary) return;
    if (this.#open.length >= MAX_DEPTH) {
      this.limits.add("depth");
      return;
    }
    this.#boundaries.open(boundary, this.#open.length);
    this.#open.push({ part, boundary });
    this.#part = null;
  }

  #boundaryLine(lineStart: number, lineEnd: number): void {
    let found = this.#matchBoundary(lineStart, lineEnd);
    if (found === null && this.#isInHeader && this.#isOwnBoundary(lineStart, lineEnd)) {
      // The empty line between the header and its first part is missing.
      this.#endHeader(lineStart, lineStart);
      found = this.#matchBoundary(lineStart, lineEnd);
    }
    if (found === null) return;
    const owner = this.#open[found.at];
    if (owner === undefined) return;
    if (!found.isClosing && this.#partCount >= MAX_PARTS) {
      this.limits.add("part_count");
      return;
    }
    this.#closePart(lineStart);
    this.#closeMultiparts(found.isClosing ? found.at : found.at + 1, lineStart);
    if (found.isClosing) return;
    this.#partCount++;
    const part = newPart(lineEnd + 1, owner.part);
    owner.part.parts.push(part);
    this.#part = part;
    this.#isInHeader = true;
    this.#headerStart = lineEnd + 1;
    this.#dashLinesInHeader = 0;
  }

  /** Is the line the boundary that the header being read has declared? Asked a few times in a header at most. */
  #isOwnBoundary(lineStart: number, lineEnd: number): boolean {
    if (lineStart - this.#headerStart > MAX_PART_HEADER_BYTES || ++this.#dashLinesInHeader > 10) return false;
    const fields = readFields(this.#bytes, this.#headerStart, lineStart);
    const type = parseParameterField(fieldBytesAsString(fields, "content-type") ?? "");
    const boundary = type.parameters.get("boundary")?.trimEnd();
    const line = bytesAsString(this.#bytes.subarray(lineStart + 2, Math.min(lineEnd, lineStart + MAX_BOUNDARY_LINE)));
    return type.value.startsWith("multipart/") && line.trimEnd() === boundary;
  }

  #matchBoundary(lineStart: number, lineEnd: number): { at: number; isClosing: boolean } | null {
    if (this.#open.length === 0 || lineEnd - lineStart > MAX_BOUNDARY_LINE) return null;
    return this.#boundaries.match(this.#bytes, lineStart + 2, lineEnd);
  }

  /** Closes the multiparts from this depth inwards, also those whose own closing line never came. */
  #closeMultiparts(depth: number, at: number): void {
    for (const { part, boundary } of this.#open.splice(depth)) {
      part.bodyEnd = this.#beforeLineEnd(part.bodyStart, at);
      this.#boundaries.close(boundary);
    }
  }

  #closePart(at: number): void {
    const part = this.#part;
    if (part === null) return;
    if (this.#isInHeader) this.#endUnfinishedHeader(part, at);
    part.bodyEnd = this.#beforeLineEnd(part.bodyStart, at);
    this.#part = null;
    this.#isInHeader = false;
  }

  /** No empty line came: what does not look like a header is a body that lost the line before it. */
  #endUnfinishedHeader(part: Part, end: number): void {
    const bytes = this.#bytes;
    let at = Math.min(this.#headerStart, end);
    while (at < end && (isFieldStart(bytes, at) || (at > this.#headerStart && isFolded(bytes, at)))) {
      const lineEnd = bytes.indexOf(LF, at);
      at = lineEnd < 0 ? end : lineEnd + 1;
    }
    const bodyStart = Math.min(at, end);
    this.#endHeader(bodyStart, bodyStart);
    // A multipart that has not even begun is not one.
    if (this.#open.at(-1)?.part === part) this.#closeMultiparts(this.#open.length - 1, end);
  }

  /** A boundary takes the line end before it with it. At the end of the message there is none, and nothing is taken. */
  #beforeLineEnd(start: number, at: number): number {
    if (at >= this.#bytes.length || at <= start || this.#bytes[at - 1] !== LF) return Math.max(start, at);
    return at - 1 > start && this.#bytes[at - 2] === CR ? at - 2 : at - 1;
  }
}

function isFolded(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x20 || bytes[at] === 0x09;
}

/** RFC 2046 §5.1.5: the parts of a digest are messages unless they say otherwise. */
function newPart(at: number, parent: Part | null): Part {
  const value = parent?.type.value === "multipart/digest" ? "message/rfc822" : "text/plain";
  const type = { value, parameters: new Map<string, string>() };
  return { fields: [], type, encoding: "identity", bodyStart: at, bodyEnd: at, parts: [] };
}

/** The line that an mbox file puts before each message, `From sender date`, is none of the message. */
function mboxLineEnd(bytes: Uint8Array): number {
  const start = bytesAsString(bytes.subarray(0, 6));
  if (!start.startsWith("From ") && !start.startsWith(">From ")) return 0;
  const end = bytes.indexOf(LF);
  return end < 0 ? 0 : end + 1;
}
