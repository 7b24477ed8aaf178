/**
 * What a rar says without being unpacked: the names in it, and whether a password protects them. Both formats: the
 * blocks of RAR 4 and those of RAR 5 (rarlab.com/technote.htm).
 */
import { startsWith } from "./file-bytes.ts";

const RAR_4 = "Rar!\x1a\x07\0";
const RAR_5 = "Rar!\x1a\x07\x01\0";

/** A name of null: the password hides it too. */
export interface RarMember {
  filename: string | null;
  isEncrypted: boolean;
}

export const isRar = (head: Uint8Array): boolean => startsWith(head, RAR_4) || startsWith(head, RAR_5);

/** Ends where the blocks make no sense any more: what is cut short, or damaged, has told what it could. */
export function* rarMembers(bytes: Uint8Array): Generator<RarMember> {
  try {
    yield* startsWith(bytes, RAR_5) ? membersOf5(new Cursor(bytes, RAR_5.length)) : membersOf4(bytes);
  } catch (error) {
    // DataView's word for a place beyond the end.
    if (!(error instanceof RangeError)) throw error;
  }
}

function* membersOf4(bytes: Uint8Array): Generator<RarMember> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = RAR_4.length;
  while (at + 7 <= bytes.length) {
    const [type, flags, size] = [view.getUint8(at + 2), view.getUint16(at + 3, true), view.getUint16(at + 5, true)];
    if (type === 0x73 && (flags & 0x80) !== 0) {
      yield { filename: null, isEncrypted: true };
      return;
    }
    if (type === 0x74) {
      const nameAt = at + 32 + ((flags & 0x100) === 0 ? 0 : 8);
      const name = bytes.subarray(nameAt, Math.min(nameAt + view.getUint16(at + 26, true), at + size));
      yield { filename: fileName(name), isEncrypted: (flags & 4) !== 0 };
    }
    const hasData = type === 0x74 || (flags & 0x8000) !== 0;
    at += Math.max(size, 7) + (hasData ? view.getUint32(at + 7, true) : 0);
  }
}

function* membersOf5(cursor: Cursor): Generator<RarMember> {
  for (;;) {
    cursor.at += 4;
    const size = cursor.number();
    const end = cursor.at + size;
    const [type, flags] = [cursor.number(), cursor.number()];
    const extra = (flags & 1) === 0 ? 0 : cursor.number();
    const data = (flags & 2) === 0 ? 0 : cursor.number();
    if (type === 4) {
      yield { filename: null, isEncrypted: true };
      return;
    }
    if (type === 5 || size === 0) return;
    if (type === 2) yield { filename: nameOf5(cursor), isEncrypted: hasEncryption(cursor, end - extra, end) };
    cursor.at = end + data;
  }
}

function nameOf5(cursor: Cursor): string {
  const flags = cursor.number();
  cursor.number();
  cursor.number();
  cursor.at += ((flags & 2) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 4);
  cursor.number();
  cursor.number();
  const length = cursor.number();
  return fileName(cursor.bytes.subarray(cursor.at, cursor.at + length));
}

/** Among the records behind the header, the one of type 1. */
function hasEncryption(cursor: Cursor, start: number, end: number): boolean {
  for (cursor.at = start; cursor.at < end; ) {
    const size = cursor.number();
    const next = cursor.at + size;
    if (cursor.number() === 1) return true;
    if (size === 0) return false;
    cursor.at = next;
  }
  return false;
}

/** RAR 4 may put a second spelling behind a zero; a path of either system ends in the name. */
function fileName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const path = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replaceAll("\\", "/");
  return path.slice(path.lastIndexOf("/") + 1);
}

class Cursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Seven bits a byte, the low ones first. Beyond 49 bits it is none of an archive that came by mail. */
  number(): number {
    let value = 0;
    for (let shift = 1; shift < 2 ** 49; shift *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("not a number of an archive");
  }
}
