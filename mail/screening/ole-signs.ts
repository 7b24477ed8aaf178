/**
 * The old documents of Office, and installers: a compound file ([MS-CFB]), whose directory names what is in it. Its
 * entries are 128 bytes long and begin with a name in UTF-16, so they are found without following its tables.
 */
import type { Sign } from "./file-name.ts";

const MAGIC = 0xd0cf11e0;
const ENTRY_BYTES = 128;

const inUtf16 = (name: string) => Uint8Array.from([...name].flatMap((letter) => [letter.charCodeAt(0), 0]));
const SIGNS: { name: Uint8Array; sign: Sign }[] = [
  // [MS-OVBA] §2.2.1
  { name: inUtf16("_VBA_PROJECT"), sign: { code: "macros", words: "is a document with macros" } },
  // [MS-OFFCRYPTO] §2.3.4.4
  {
    name: inUtf16("EncryptedPackage"),
    sign: { code: "encrypted_archive", words: "opens with a password alone, so that nobody could look into it" },
  },
];

export const isOle = (head: Uint8Array): boolean =>
  head.length >= 8 && new DataView(head.buffer, head.byteOffset).getUint32(0) === MAGIC;

export function oleSigns(bytes: Uint8Array): Sign[] {
  const found = new Set<Sign>();
  for (let at = 0; at + ENTRY_BYTES <= bytes.length && found.size < SIGNS.length; at += ENTRY_BYTES)
    for (const { name, sign } of SIGNS) if (isAt(bytes, at, name)) found.add(sign);
  return [...found];
}

const isAt = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean =>
  wanted.every((byte, n) => bytes[at + n] === byte);
