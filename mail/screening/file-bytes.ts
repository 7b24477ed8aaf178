/** Programs by how they begin, whatever they are called, and the test file of virus scanners. */
import type { Sign } from "./file-name.ts";

/** As much of a file as tells what it is. */
export const HEAD_BYTES = 512;

/** In two halves, or a scanner would take this source for the file. It stands at the very beginning (eicar.org). */
export const EICAR = [String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-`, "ANTIVIRUS-TEST-FILE!$H+H*"].join("");

const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);
const ELF = 0x7f454c46;
/** Mach-O for several processors, and a Java class: both are programs. */
const FAT_OR_CLASS = 0xcafebabe;
/** A Windows shortcut: the size of its header. Its class id follows. */
const SHORTCUT = 0x4c000000;
const SHORTCUT_CLASS = 0x01140200;
const ZIP = 0x504b0304;

/** A script that begins with `#!` is none of these: it is text, and runs where somebody makes it run. */
export function screenBytes(head: Uint8Array): Sign[] {
  if (startsWith(head, EICAR)) return [{ code: "test_virus", words: "is the test file of virus scanners (EICAR)" }];
  const kind = programKind(head);
  return kind === null ? [] : [{ code: "program", words: `is a program (${kind})` }];
}

export const beginsAsZip = (head: Uint8Array): boolean => wordAt(head, 0) === ZIP;

/** The system that runs it; null where none does. */
export function programKind(head: Uint8Array): string | null {
  const first = wordAt(head, 0);
  if (startsWith(head, "MZ") && head.length >= 64 && head.subarray(0, 64).includes(0)) return "Windows or DOS";
  if (first === ELF) return "Linux";
  if (first !== null && MACH_O.has(first)) return "macOS";
  if (first === FAT_OR_CLASS) return "macOS or Java";
  if (first === SHORTCUT && wordAt(head, 4) === SHORTCUT_CLASS) return "Windows shortcut";
  return null;
}

export const startsWith = (bytes: Uint8Array, text: string): boolean =>
  bytes.length >= text.length && [...text].every((character, at) => bytes[at] === character.charCodeAt(0));

function wordAt(bytes: Uint8Array, at: number): number | null {
  if (bytes.length < at + 4) return null;
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}
