/**
 * Reads the messages of an archive, whatever kind it is, from any place on. Each message comes with what the archive
 * says of it and with the place behind it; what cannot be read comes with the reason, and reading goes on. Only what
 * makes the rest unreadable throws, as an ArchiveError.
 */
import { ArchiveError, type UnreadableReason } from "./archive-error.ts";
import { type ArchiveFolder, INBOX } from "./archive-folder.ts";
import { ByteReader } from "./byte-reader.ts";
import { type ByteSource, inflated, stretchOf } from "./byte-source.ts";
import { type EntryPlace, placeOfEntry } from "./entry-place.ts";
import { type FoundMessage, fromFile, fromMbox } from "./found-message.ts";
import { isFromStart } from "./from-line.ts";
import { MBOX_START, type MboxPlace, readMbox } from "./mbox-reader.ts";
import { isTarHeader, readTar, type TarEntry } from "./tar-reader.ts";
import { openZipEntry, readZip, type ZipEntry } from "./zip-reader.ts";

export type ArchiveFormat = "mbox" | "eml" | "tar" | "zip";

/** Where to go on: JSON. `at` is the header of an archive's entry; `mbox` the place in it, or in the file itself. */
export interface ArchivePlace {
  at: number;
  mbox: MboxPlace | null;
}

export const ARCHIVE_START: ArchivePlace = { at: 0, mbox: null };

export type ArchiveItem =
  | { kind: "message"; message: FoundMessage; next: ArchivePlace }
  /** `where` is for people: a path, and the byte where a message begins. */
  | { kind: "unreadable"; where: string; reason: UnreadableReason; detail: string; next: ArchivePlace }
  | { kind: "progress"; next: ArchivePlace };

export interface ReadOptions {
  format: ArchiveFormat;
  /** The whole file is compressed. */
  gzip: boolean;
  max_message_bytes: number;
  /** The same file, where a zip's directory is read. It lies at the end, which whoever counts would take for all of it. */
  directory?: ByteSource;
}

export async function* readArchive(
  file: ByteSource,
  options: ReadOptions,
  from: ArchivePlace,
): AsyncGenerator<ArchiveItem> {
  const source = options.gzip ? inflated(file, "gzip") : file;
  switch (options.format) {
    case "mbox":
      return yield* messagesOfMbox(source, { path: "", folder: null }, from.mbox, options, (mbox) => ({ at: 0, mbox }));
    case "eml":
      if (from.at === 0) yield await single(source, options, { at: 1, mbox: null });
      return;
    case "tar":
      for await (const entry of readTar(source, from.at)) {
        const open = async () => stretchOf(source, entry.start, entry.size);
        yield* messagesOfEntry(entry, open, entry.at === from.at ? from.mbox : null, options);
      }
      return;
    case "zip":
      for await (const entry of readZip(options.directory ?? source, from.at)) {
        const open = () => openZipEntry(source, entry);
        yield* messagesOfEntry(entry, open, entry.at === from.at ? from.mbox : null, options);
      }
  }
}

/** What a file begins with tells its format; null when it is none of ours. Needs the first 512 bytes, inflated. */
export function formatOf(beginning: Uint8Array): ArchiveFormat | null {
  const text = new TextDecoder("latin1").decode(beginning.subarray(0, 512));
  if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) return "zip";
  if (isTarHeader(beginning)) return "tar";
  if (/^(?:\r?\n)*From /.test(text)) return "mbox";
  return /^[!-9;-~]+[ \t]*:/.test(text) ? "eml" : null;
}

export const isGzip = (beginning: Uint8Array): boolean => beginning[0] === 0x1f && beginning[1] === 0x8b;

type Open = () => Promise<ByteSource>;

async function* messagesOfEntry(
  entry: TarEntry | ZipEntry,
  open: Open,
  from: MboxPlace | null,
  options: ReadOptions,
): AsyncGenerator<ArchiveItem> {
  const next = { at: entry.next, mbox: null };
  const unreadable = (reason: UnreadableReason, detail: string): ArchiveItem => {
    return { kind: "unreadable", where: entry.path, reason, detail, next };
  };
  try {
    const place = placeOfEntry(entry.path);
    if (place.kind === "message") yield await messageOfEntry(entry, place, await open(), options, next);
    else if (place.kind === "mbox" && (from !== null || (await beginsAsMbox(open)))) {
      const file = { path: entry.path, folder: place.folder };
      yield* messagesOfMbox(await open(), file, from, options, (mbox) => ({ at: entry.at, mbox }));
      yield { kind: "progress", next };
    } else yield unreadable("not_a_message", "neither a message nor an mbox by its name and beginning");
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    yield unreadable(error.reason, error.message);
  }
}

async function messageOfEntry(
  entry: TarEntry | ZipEntry,
  place: Extract<EntryPlace, { kind: "message" }>,
  source: ByteSource,
  options: ReadOptions,
  next: ArchivePlace,
): Promise<ArchiveItem> {
  const refuse = (reason: UnreadableReason, detail: string): ArchiveItem => {
    return { kind: "unreadable", where: entry.path, reason, detail, next };
  };
  if (place.is_deleted) return refuse("deleted", "marked as deleted");
  const bytes = await bytesOf(source, options.max_message_bytes);
  if (bytes === null) return refuse("too_large", `more than ${options.max_message_bytes} bytes`);
  if ("inflated_size" in entry ? bytes.byteLength !== entry.inflated_size : bytes.byteLength !== entry.size) {
    return refuse("cut_short", `${bytes.byteLength} bytes are here, and the archive says otherwise`);
  }
  if (bytes.byteLength === 0) return refuse("not_a_message", "the file is empty");
  const message = fromFile(bytes, entry.path, place, entry.modified_at);
  if (message === "deleted") return refuse("deleted", "marked as deleted");
  return { kind: "message", message, next };
}

async function single(source: ByteSource, options: ReadOptions, next: ArchivePlace): Promise<ArchiveItem> {
  const limit = options.max_message_bytes;
  const bytes = await bytesOf(source, limit);
  if (bytes === null) {
    return { kind: "unreadable", where: "", reason: "too_large", detail: `more than ${limit} bytes`, next };
  }
  const place = {
    kind: "message",
    folder: INBOX,
    flags: null,
    is_deleted: false,
    named_at: null,
    is_named_by_us: false,
  } as const;
  const message = fromFile(bytes, "", place, null);
  if (message !== "deleted") return { kind: "message", message, next };
  return { kind: "unreadable", where: "", reason: "deleted", detail: "marked as deleted", next };
}

interface MboxFile {
  path: string;
  folder: ArchiveFolder | null;
}

async function* messagesOfMbox(
  source: ByteSource,
  file: MboxFile,
  from: MboxPlace | null,
  options: ReadOptions,
  placeOf: (mbox: MboxPlace) => ArchivePlace,
): AsyncGenerator<ArchiveItem> {
  for await (const item of readMbox(source, from ?? MBOX_START, options.max_message_bytes)) {
    const next = placeOf(item.next);
    if (item.kind === "progress") {
      yield { kind: "progress", next };
      continue;
    }
    const where = `${file.path === "" ? "" : `${file.path}, `}byte ${item.at}`;
    if (item.kind === "too_large") {
      const detail = `more than ${options.max_message_bytes} bytes`;
      yield { kind: "unreadable", where, reason: "too_large", detail, next };
      continue;
    }
    const message = fromMbox(item.bytes, where, item.from_line, file.folder ?? INBOX);
    if (message === "deleted") {
      yield { kind: "unreadable", where, reason: "deleted", detail: "marked as deleted", next };
    } else yield { kind: "message", message, next };
  }
}

async function beginsAsMbox(open: Open): Promise<boolean> {
  const reader = new ByteReader((await open()).read(0));
  const beginning = await reader.peek(16);
  await reader.close();
  return isFromStart(beginning);
}

/** All of it, or null as soon as it is too much. */
async function bytesOf(source: ByteSource, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = new ByteReader(source.read(0));
  const bytes = await reader.take(limit + 1);
  await reader.close();
  return bytes.byteLength > limit ? null : new Uint8Array(bytes);
}
