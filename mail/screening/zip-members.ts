/** The files in a zip: the name of each, how it begins, and the whole of it where it holds files itself. */
import { Inflate } from "fflate";
import { ArchiveError } from "../archive/archive-error.ts";
import { bytesSource } from "../archive/byte-source.ts";
import { isFolder, readDirectory, type ZipEntry } from "../archive/zip-reader.ts";
import { concatBytes } from "../compose/bytes.ts";
import { beginsAsZip, HEAD_BYTES } from "./file-bytes.ts";

/**
 * What one message may make us inflate, with all archives in it. Members may overlap, and DEFLATE reaches 1:1032: what
 * is beyond is known by name alone.
 */
export class Allowance {
  bytes = 16 * 1024 * 1024;
  /** Stored as they are: nothing to inflate, but the directory may name the same ones any number of times. */
  stored_bytes = 64 * 1024 * 1024;
  members = 5000;
}

/** Inflates to 4 MiB at the most, beyond what is allowed. */
const PUSHED_BYTES = 4096;

export interface ZipMember {
  path: string;
  filename: string;
  /** In the header in front of it: another one is what an unpacker may go by that reads from the front. */
  name_in_front: string;
  /** Where it begins. */
  starts_at: number;
  isFolder: boolean;
  isEncrypted: boolean;
  /** Null: it is encrypted, damaged, packed in an unusual way, or beyond the allowance. */
  head: Uint8Array | null;
  whole(): Uint8Array | null;
}

/** Throws an `ArchiveError` where the directory cannot be read. */
export async function* zipMembers(zip: Uint8Array, allowance: Allowance): AsyncGenerator<ZipMember> {
  for await (const entry of readDirectory(bytesSource(zip), 0)) {
    const packed = packedBytes(zip, entry);
    const inFront = nameInFront(zip, entry);
    allowance.members--;
    const isKnown = packed !== null && allowance.members >= 0;
    yield {
      path: entry.path,
      isEncrypted: entry.isEncrypted,
      filename: lastOf(entry.path),
      name_in_front: lastOf(inFront),
      starts_at: entry.local_header_at,
      // What only the directory calls a folder may be a file to others.
      isFolder: isFolder(entry) && (inFront === "" || isFolder({ path: inFront })),
      head: isKnown ? unpack(packed, entry.method, allowance, HEAD_BYTES) : null,
      whole: () => (isKnown ? unpack(packed, entry.method, allowance, Number.POSITIVE_INFINITY) : null),
    };
  }
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Empty where there is no header. */
function nameInFront(zip: Uint8Array, { local_header_at: at }: ZipEntry): string {
  if (at + 30 > zip.length || !beginsAsZip(zip.subarray(at))) return "";
  const length = new DataView(zip.buffer, zip.byteOffset + at, 30).getUint16(26, true);
  return new TextDecoder().decode(zip.subarray(at + 30, at + 30 + length)).replaceAll("\\", "/");
}

/**
 * The bytes are in memory: a source's chunks would be copied for each member. Null where the header in front says other
 * things than the directory: unpackers go by the one or by the other.
 */
function packedBytes(zip: Uint8Array, { isEncrypted, local_header_at: at, size, method }: ZipEntry): Uint8Array | null {
  if (isEncrypted || at + 30 > zip.length) return null;
  const header = new DataView(zip.buffer, zip.byteOffset + at, 30);
  const isSame = beginsAsZip(zip.subarray(at)) && header.getUint16(8, true) === method;
  if (!isSame || (header.getUint16(6, true) & 1) !== 0) return null;
  const start = at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return start + size > zip.length ? null : zip.subarray(start, start + size);
}

/** The first `wanted` bytes, and few beyond. A stored block of DEFLATE comes as a whole, so that it may take 64 KiB. */
function unpack(packed: Uint8Array, method: number, allowance: Allowance, wanted: number): Uint8Array | null {
  if (method === 0) {
    allowance.stored_bytes -= Math.min(wanted, packed.length);
    return allowance.stored_bytes < 0 ? null : packed;
  }
  if (method !== 8) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    allowance.bytes -= chunk.length;
  });
  try {
    for (let at = 0, end = 0; end < packed.length && size < wanted; at = end) {
      if (allowance.bytes <= 0) return null;
      end = Math.min(packed.length, at + (at === 0 ? HEAD_BYTES : PUSHED_BYTES));
      // What goes in counts too: blocks may be empty.
      allowance.bytes -= end - at;
      inflate.push(packed.subarray(at, end), end === packed.length);
    }
  } catch (error) {
    // fflate throws plain errors with a code for data that is no DEFLATE, and nothing else.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
  return concatBytes(chunks);
}

export const isUnreadable = (error: unknown): boolean => error instanceof ArchiveError;
