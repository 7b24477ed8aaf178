/** Reads the headers of a tar: ustar (POSIX.1-1988), GNU long names, pax (POSIX.1-2001). What is in files is not read here. */
import { ArchiveError } from "./archive-error.ts";
import { ByteReader } from "./byte-reader.ts";
import type { ByteSource } from "./byte-source.ts";

export interface Entry {
  /** As the archive has it, with forward slashes. */
  path: string;
  /** Where its header begins, and where that of the next one does. */
  at: number;
  next: number;
  /** Milliseconds: when the file was written. */
  modified_at: number | null;
}

export interface TarEntry extends Entry {
  /** Where its bytes are. */
  start: number;
  size: number;
}

const BLOCK = 512;
/** A name of this length is an attack on our memory. */
const MAX_EXTENSION = 64 * 1024;

/** The regular files from a place on, in their order. */
export async function* readTar(source: ByteSource, from: number): AsyncGenerator<TarEntry> {
  let at = from;
  for (;;) {
    const entry = await readEntry(source, at, from === at && from === 0);
    if (entry === null) return;
    if (entry.isFile) yield entry;
    at = entry.next;
  }
}

interface Found extends TarEntry {
  isFile: boolean;
}

/**
 * An entry with the extensions in front of it. The reader is opened at its header and closed behind it: skipping over
 * a file by reading it would read the whole archive for its names.
 */
async function readEntry(source: ByteSource, at: number, isFirst: boolean): Promise<Found | null> {
  const reader = new ByteReader(source.read(at), at);
  try {
    const extended = new Map<string, string>();
    for (;;) {
      const header = await reader.take(BLOCK);
      if (header.byteLength === 0 || header.every((byte) => byte === 0)) {
        if (isFirst) throw new ArchiveError("not_an_archive", "a tar begins with a header");
        return null;
      }
      if (header.byteLength < BLOCK) throw new ArchiveError("cut_short", "the archive ends in a header");
      if (!isTarHeader(header)) {
        throw new ArchiveError(isFirst ? "not_an_archive" : "damaged", "a header's checksum is wrong");
      }
      const size = number(header, 124, 12);
      const type = String.fromCharCode(header[156] ?? 0);
      if ("gxLK".includes(type)) {
        if (size > MAX_EXTENSION) throw new ArchiveError("damaged", "a name is longer than any name");
        const content = await reader.take(padded(size));
        // Global extensions say nothing that we need.
        if (type === "x") for (const [key, value] of paxRecords(content.subarray(0, size))) extended.set(key, value);
        else if (type === "L") extended.set("path", text(content.subarray(0, size)));
        continue;
      }
      const length = Number(extended.get("size") ?? size);
      if (!Number.isSafeInteger(length) || length < 0) throw new ArchiveError("damaged", "a size is no size");
      return {
        path: extended.get("path") ?? nameOf(header),
        at,
        start: reader.position,
        size: length,
        next: reader.position + padded(length),
        modified_at: (Number(extended.get("mtime") ?? number(header, 136, 12)) || 0) * 1000 || null,
        // A NUL is what the oldest ones wrote for a file; 7 is a contiguous one.
        isFile: "0\u00007".includes(type),
      };
    }
  } finally {
    await reader.close();
  }
}

/** The sum of the header's bytes, its own field counted as spaces. Some old programs added signed bytes. */
export function isTarHeader(header: Uint8Array): boolean {
  if (header.byteLength < BLOCK) return false;
  let [sum, signed] = [0, 0];
  for (let n = 0; n < BLOCK; n++) {
    const byte = n >= 148 && n < 156 ? 32 : (header[n] ?? 0);
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const told = number(header, 148, 8);
  return told === sum || told === signed;
}

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/** Octal digits, or GNU's binary form for what they cannot hold. */
function number(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (field[0] === 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(text(field).trim() || "0", 8);
}

/** Up to the first NUL. Names are UTF-8 by now; what is not comes out with marks of replacement, and is still a name. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function nameOf(header: Uint8Array): string {
  const isUstar = text(header.subarray(257, 262)) === "ustar";
  const prefix = isUstar ? text(header.subarray(345, 500)) : "";
  const name = text(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `length key=value\n`, the length counting itself. */
function* paxRecords(content: Uint8Array): Generator<[string, string]> {
  for (let at = 0; at < content.byteLength; ) {
    const space = content.indexOf(32, at);
    const length = Number(text(content.subarray(at, Math.max(at, space))));
    if (space < 0 || !(length > space - at) || at + length > content.byteLength) return;
    const record = text(content.subarray(space + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (equals > 0) yield [record.slice(0, equals), record.slice(equals + 1)];
    at += length;
  }
}
