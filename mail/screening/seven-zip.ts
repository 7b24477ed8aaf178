/**
 * A 7z says little without being unpacked: its list of files is itself packed, most of the time. Where that list needs a
 * password, or lies open and names a cipher, it can be told.
 */

import { startsWith } from "./file-bytes.ts";
import type { Sign } from "./file-name.ts";

const MAGIC = "7z\xbc\xaf\x27\x1c";
/** The method 7zAES, as the format's list of methods has it. */
const AES = [0x06, 0xf1, 0x07, 0x01];
const HEADER_BYTES = 32;
const PLAIN_LIST = 0x01;
/** The list of an honest archive that names a cipher in the open is short. */
const MAX_LIST = 1024 * 1024;

export const isSevenZip = (head: Uint8Array): boolean => startsWith(head, MAGIC);

export function sevenZipSigns(bytes: Uint8Array): Sign[] {
  const list = listOf(bytes);
  if (list === null) return [{ code: "unreadable_archive", words: "is an archive that is cut short or damaged" }];
  for (let at = list.indexOf(AES[0] ?? 0); at >= 0; at = list.indexOf(AES[0] ?? 0, at + 1))
    if (AES.every((byte, n) => list[at + n] === byte))
      return [{ code: "encrypted_archive", words: "is an archive with a password: nobody could look into it" }];
  if (list[0] === PLAIN_LIST) return [];
  return [{ code: "unreadable_archive", words: "is an archive whose list of files is packed: nobody looked into it" }];
}

function listOf(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const start = HEADER_BYTES + Number(view.getBigUint64(12, true));
  const size = Number(view.getBigUint64(20, true));
  if (start + size > bytes.length || size === 0) return null;
  return bytes.subarray(start, start + Math.min(size, MAX_LIST));
}
