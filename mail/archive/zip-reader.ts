/**
 * Reads the directory at the end of a zip (APPNOTE 6.3, with zip64). It is the one truth about what is in the archive:
 * the headers in front of the files may leave sizes out, and programs that stream write them so.
 */
import { ArchiveError } from "./archive-error.ts";
import { ByteReader } from "./byte-reader.ts";
import { type ByteSource, inflated, stretchOf } from "./byte-source.ts";
import type { Entry } from "./tar-reader.ts";

export interface ZipEntry extends Entry {
  method: number;
  isEncrypted: boolean;
  /** Compressed, and what the directory says it inflates to. */
  size: number;
  inflated_size: number;
  local_header_at: number;
}

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end record and the longest comment behind it. */
const MAX_END = 22 + 65_535;
const UNKNOWN_16 = 0xffff;
const UNKNOWN_32 = 0xffffffff;

/** The files from a place in the directory on; 0 is its beginning. */
export async function* readZip(source: ByteSource, from: number): AsyncGenerator<ZipEntry> {
  for await (const entry of readDirectory(source, from)) if (!isFolder(entry)) yield entry;
}

export const isFolder = ({ path }: Pick<ZipEntry, "path">): boolean => path.endsWith("/");

/** With the entries of folders, which hold nothing and have a place in the archive all the same. */
export async function* readDirectory(source: ByteSource, from: number): AsyncGenerator<ZipEntry> {
  const { before, ...directory } = await findDirectory(source);
  const start = from === 0 ? directory.start : from;
  const reader = new ByteReader(source.read(start), start);
  try {
    while (reader.position < directory.end) {
      const entry = await readDirectoryEntry(reader);
      yield { ...entry, local_header_at: entry.local_header_at + before };
    }
  } finally {
    await reader.close();
  }
}

/** The bytes of a file in it. */
export async function openZipEntry(source: ByteSource, entry: ZipEntry): Promise<ByteSource> {
  if (entry.isEncrypted) throw new ArchiveError("encrypted", "the file is encrypted");
  const header = view(await bytesAt(source, entry.local_header_at, 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL_HEADER) {
    throw new ArchiveError("damaged", "the file is not where the directory says");
  }
  const start = entry.local_header_at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const stored = stretchOf(source, start, entry.size);
  if (entry.method === 0) return stored;
  if (entry.method === 8) return inflated(stored, "deflate-raw");
  throw new ArchiveError("unknown_compression", `compression method ${entry.method}`);
}

interface Directory {
  start: number;
  end: number;
  /** Bytes in front of the archive, which its places do not count. */
  before: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  if (source.size === null) throw new ArchiveError("not_an_archive", "a zip inside compressed data cannot be read");
  const tailAt = Math.max(0, source.size - MAX_END);
  const tail = view(await bytesAt(source, tailAt, MAX_END));
  let at = tail.byteLength - 22;
  while (at >= 0 && !(tail.getUint32(at, true) === END && at + 22 + tail.getUint16(at + 20, true) <= tail.byteLength))
    at--;
  if (at < 0) throw new ArchiveError("cut_short", "a zip ends with its directory, and this one has none");
  const end = tailAt + at;
  const [size, start] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  if (start !== UNKNOWN_32 && size !== UNKNOWN_32 && tail.getUint16(at + 10, true) !== UNKNOWN_16) {
    return behindOthers(source, within({ start, end: start + size }, end), end);
  }
  return findDirectory64(source, end, { start, end: start + size });
}

/**
 * An archive may stand behind a program, a picture or another archive: the directory is in front of its end record all
 * the same, whatever is at the place that the record names.
 */
async function behindOthers(source: ByteSource, { start, end }: Directory, limit: number): Promise<Directory> {
  const before = limit - end;
  const isBehind =
    before > 0 && view(await bytesAt(source, start + before, 4)).getUint32(0, true) === DIRECTORY_ENTRY && end > start;
  return isBehind ? { start: start + before, end: limit, before } : { start, end, before: 0 };
}

async function findDirectory64(source: ByteSource, end: number, small: { start: number; end: number }) {
  const locator = view(await bytesAt(source, Math.max(0, end - 20), 20));
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== END_64_LOCATOR) return within(small, end);
  const record = view(await bytesAt(source, safe(locator.getBigUint64(8, true)), 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== END_64) {
    throw new ArchiveError("damaged", "the zip64 directory is not where it should be");
  }
  const start = safe(record.getBigUint64(48, true));
  return within({ start, end: start + safe(record.getBigUint64(40, true)) }, end);
}

function within(directory: { start: number; end: number }, limit: number): Directory {
  if (directory.end > limit) throw new ArchiveError("damaged", "the directory is larger than the archive");
  return { ...directory, before: 0 };
}

async function readDirectoryEntry(reader: ByteReader): Promise<ZipEntry> {
  const at = reader.position;
  const header = view(await reader.take(46));
  if (header.byteLength < 46 || header.getUint32(0, true) !== DIRECTORY_ENTRY) {
    throw new ArchiveError("damaged", "the directory is damaged");
  }
  const name = await reader.take(header.getUint16(28, true));
  const extra = view(await reader.take(header.getUint16(30, true)));
  await reader.take(header.getUint16(32, true));
  const sizes = {
    inflated_size: header.getUint32(24, true),
    size: header.getUint32(20, true),
    local_header_at: header.getUint32(42, true),
  };
  readExtra64(extra, sizes);
  const flags = header.getUint16(8, true);
  return {
    ...sizes,
    path: new TextDecoder().decode(name).replaceAll("\\", "/"),
    at,
    next: reader.position,
    method: header.getUint16(10, true),
    isEncrypted: (flags & 1) !== 0,
    modified_at: dosTime(header.getUint16(14, true), header.getUint16(12, true)),
  };
}

/** The sizes that 32 bits do not hold, in this order and only where the usual field says so. */
function readExtra64(extra: DataView, sizes: Pick<ZipEntry, "inflated_size" | "size" | "local_header_at">): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.byteLength, at + 4 + extra.getUint16(at + 2, true));
    let field = at + 4;
    for (const name of ["inflated_size", "size", "local_header_at"] as const) {
      if (sizes[name] !== UNKNOWN_32 || field + 8 > end) continue;
      sizes[name] = safe(extra.getBigUint64(field, true));
      field += 8;
    }
  }
}

/** Local time without a zone, in steps of two seconds: a hint at most. */
function dosTime(date: number, time: number): number | null {
  if (date === 0) return null;
  const day = Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31);
  return day + (((time >> 11) * 60 + ((time >> 5) & 63)) * 60 + (time & 31) * 2) * 1000;
}

async function bytesAt(source: ByteSource, at: number, size: number): Promise<Uint8Array> {
  const reader = new ByteReader(source.read(at), at);
  const bytes = await reader.take(size);
  await reader.close();
  return bytes;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ArchiveError("damaged", "a size is no size");
  return Number(value);
}
