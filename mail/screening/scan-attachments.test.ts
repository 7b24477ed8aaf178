import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnAttachment, letterOf } from "./attached.test-support.ts";
import { EICAR } from "./file-bytes.ts";
import { scanAttachments } from "./scan-attachments.ts";
import { zipOf } from "./zip.test-support.ts";

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const PE = latin1(`MZ\x90\0${"\0".repeat(60)}This program cannot be run in DOS mode.`);
const PNG = latin1("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89");
const PDF = latin1("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n");

/** [MS-CFB]: a header, and from byte 1024 on a directory with these names. */
function ole(...names: string[]): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes.set(latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
  for (const [n, name] of ["Root Entry", ...names].entries()) bytes.set(utf16(name), 1024 + 128 * n);
  return bytes;
}

const ooxml = (folder: string, ...more: string[]) =>
  zipOf(
    ["[Content_Types].xml", `${folder}/document.xml`, ...more].map((name) => ({
      name,
      content: latin1("<x/>"),
      deflated: true,
    })),
  );

const vint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...vint(value >> 7)]);
const block5 = (type: number, extra: number[], ...body: number[]): number[] => {
  const head = [type, extra.length > 0 ? 1 : 0, ...(extra.length > 0 ? vint(extra.length) : []), ...body, ...extra];
  return [0, 0, 0, 0, ...vint(head.length), ...head];
};
const file5 = (name: string, extra: number[] = []) =>
  block5(2, extra, 0, 0, 0, 0, 0, ...vint(name.length), ...latin1(name));
const rar5 = (...blocks: number[][]) =>
  new Uint8Array([latin1("Rar!\x1a\x07\x01\0"), ...blocks].flatMap((block) => [...block]));

function rar4(mainFlags: number, name: string, fileFlags: number): Uint8Array {
  const main = Buffer.alloc(13);
  main.writeUInt8(0x73, 2);
  main.writeUInt16LE(mainFlags, 3);
  main.writeUInt16LE(13, 5);
  const file = Buffer.alloc(32);
  file.writeUInt8(0x74, 2);
  file.writeUInt16LE(0x8000 | fileFlags, 3);
  file.writeUInt16LE(32 + name.length, 5);
  file.writeUInt16LE(name.length, 26);
  return new Uint8Array(Buffer.concat([latin1("Rar!\x1a\x07\0"), main, file, latin1(name)]));
}

function sevenZip(list: number[]): Uint8Array {
  const head = Buffer.alloc(32);
  head.set(latin1("7z\xbc\xaf\x27\x1c\0\x04"));
  head.writeBigUInt64LE(0n, 12);
  head.writeBigUInt64LE(BigInt(list.length), 20);
  return new Uint8Array([...head, ...list]);
}

async function dangersOf(...attachments: AnAttachment[]): Promise<string[]> {
  const { files } = await scanAttachments(letterOf(...attachments));
  return files.flatMap(({ n, dangers }) => dangers.map(({ danger }) => `${n} ${danger}`));
}
const a = (filename: string, content: Uint8Array, type = "application/octet-stream"): AnAttachment => ({
  ...{ filename, content, type },
});

describe("an attachment", () => {
  it.each<[string, Uint8Array, ...string[]]>([
    ["holiday.jpg", PE, "program"],
    ["setup.exe", latin1("x"), "program"],
    ["invoice.pdf.exe", PE, "double_extension", "program", "program"],
    ["invoice.js", latin1("x"), "script"],
    ["invoice.pdf.js", latin1("x"), "double_extension", "script"],
    ["invoice\u202efdp.exe", latin1("x"), "program", "disguised_name"],
    ["report.docm", ooxml("word", "word/vbaProject.bin"), "macros"],
    ["report.docx", ooxml("word", "word/vbaProject.bin"), "macros"],
    ["table.xls", ole("Workbook", "_VBA_PROJECT_CUR"), "macros"],
    ["letter.doc", ole("Macros", "VBA", "_VBA_PROJECT"), "macros"],
    ["letter.docx", ole("EncryptionInfo", "EncryptedPackage"), "encrypted_archive"],
    ["a.zip", zipOf([{ name: "a.txt", content: latin1("x"), encrypted: true }]), "encrypted_archive"],
    ["a.zip", zipOf([{ name: "a.exe", content: latin1("x"), encrypted: true }]), "program", "encrypted_archive"],
    ["a.zip", latin1("no zip"), "unreadable_archive"],
    ["a.rar", rar5(block5(1, [], 0), file5("a.txt")), ...[]],
    ["a.rar", rar5(block5(1, [], 0), file5("dir/a.exe")), "program"],
    ["a.rar", rar5(block5(1, [], 0), file5("a.txt", [2, 1, 0])), "encrypted_archive"],
    ["a.rar", rar5(block5(4, [], 0)), "encrypted_archive"],
    ["a.rar", rar4(0, "dir\\a.scr", 0), "program"],
    ["a.rar", rar4(0, "a.txt", 4), "encrypted_archive"],
    ["a.rar", rar4(0x80, "", 0), "encrypted_archive"],
    ["a.7z", sevenZip([0x17, 0x24, 0x06, 0xf1, 0x07, 0x01]), "encrypted_archive"],
    ["a.7z", sevenZip([0x17, 0x23, 0x03, 0x01, 0x01]), "unreadable_archive"],
    ["a.7z", sevenZip([0x01, 0x04]), ...[]],
    ["page.html", latin1("<html><script>location='http://evil.example'</script>"), "script"],
    ["logo.svg", latin1("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>"), "script"],
    ["invoice.pdf", latin1("<!DOCTYPE html><p>Log in"), "type_differs"],
    ["photo.jpg", zipOf([]), "type_differs"],
    ["photo.jpg", rar5(), "type_differs"],
    ["letter.docx", rar5(), "type_differs"],
    ["eicar.txt", latin1(EICAR), "virus"],
  ])("%j is told what it is", async (name, content, ...dangers) => {
    expect(await dangersOf(a(name, content))).toEqual(dangers.map((danger) => `0 ${danger}`));
  });

  it.each<[string, Uint8Array, string]>([
    ["invoice.pdf", PDF, "application/pdf"],
    ["photo.jpg", PNG, "image/jpeg"],
    ["report.docx", ooxml("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["table.xls", latin1("<html><table><tr><td>1</table>"), "application/vnd.ms-excel"],
    ["letter.doc", ole("WordDocument"), "application/msword"],
    ["page.html", latin1("<html><p>Minutes of the meeting"), "text/html"],
    ["notes.txt", latin1("<html> is how a page begins"), "text/plain"],
    ["a.zip", zipOf([{ name: "a.txt", content: latin1("x"), deflated: true }]), "application/zip"],
    ["fix.patch", latin1("--- a\n+++ b\n"), "text/x-patch"],
    ["run.sh", latin1("#!/bin/sh\n"), "application/x-sh"],
    ["smime.p7s", latin1("0\x82\x05"), "application/pkcs7-signature"],
    ["invite.ics", latin1("BEGIN:VCALENDAR"), "text/calendar"],
  ])("%j is innocent", async (name, content, type) => {
    expect(await dangersOf(a(name, content, type))).toEqual([]);
  });

  it("is known by its content where its label says nothing", async () => {
    const { files } = await scanAttachments(letterOf(a("a", PDF), a("b", PNG, "image/png"), a("c", latin1("text"))));
    expect(files).toEqual([{ n: 0, filename: "a", detected_type: "application/pdf", dangers: [] }]);
  });
});

describe("EICAR is caught", () => {
  const inner = (deflated: boolean) => zipOf([{ name: "eicar.com.txt", content: latin1(EICAR), deflated }]);
  const nested = (deflated: boolean) =>
    zipOf([
      { name: "readme.txt", content: latin1("Hello"), deflated },
      { name: "inner.zip", content: inner(deflated), deflated },
    ]);

  it.each([true, false])("in a zip in a zip, and that in an attached message (deflated: %s)", async (deflated) => {
    const zip = a("outer.zip", nested(deflated));
    expect(await dangersOf(zip)).toEqual(["0 virus"]);
    expect(await dangersOf(a("outer.bin", nested(deflated)))).toEqual(["0 virus"]);
    const letter = letterOf(a("notes.txt", latin1("x")), zip);
    expect(await dangersOf(a("letter.eml", letter, "message/rfc822"))).toEqual(["0 virus"]);
    const forwarded = letterOf(a("letter.eml", letter, "message/rfc822"));
    expect(await dangersOf(a("again.eml", forwarded, "message/rfc822"))).toEqual(["0 virus"]);
  });
});

describe("whatever comes", () => {
  it("is looked at, a thousand attachments too, of which the dangerous are told first", async () => {
    const many = Array.from({ length: 1000 }, (_, n) => a(`${n}.bin`, n % 9 === 8 ? PE : PDF));
    const { count, files } = await scanAttachments(letterOf(...many));
    // The first part of the message is its text, and the parser reads a thousand in all.
    expect(count).toBe(998);
    expect(files).toHaveLength(100);
    expect(files.every(({ dangers }) => dangers.length > 0)).toBe(true);
  });

  it("never throws", async () => {
    const whole = fc.constantFrom(
      ...[ole("_VBA_PROJECT"), rar5(file5("a.exe", [2, 1, 0])), rar4(0, "a.exe", 4), sevenZip([1, 2])],
      ...[ooxml("word", "word/vbaProject.bin"), PE, PNG, PDF, deflateRawSync(PE)],
    );
    const damaged = fc
      .tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
      .map(([bytes, hits, cut]) => {
        const copy = new Uint8Array(bytes);
        for (const [at, byte] of hits) copy[at % copy.length] = byte;
        return copy.subarray(0, cut % 3 === 0 ? cut % copy.length : undefined);
      });
    const name = fc.oneof(fc.string(), fc.constantFrom("a.zip", "a.rar", "a.svg", "a.eml", "a.docx"));
    await fc.assert(
      fc.asyncProperty(name, fc.oneof(damaged, fc.uint8Array()), async (filename, content) => {
        await scanAttachments(letterOf(a(filename, content)));
        await scanAttachments(content);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, () => Uint8Array]>([
    ["of blocks of nothing", () => rar5(Array.from({ length: 2_000_000 }, () => 0))],
    ["of small files", () => rar5(Array.from({ length: 200_000 }, () => file5("a")).flat())],
  ])("takes linear time for a rar %s", async (_what, make) => {
    const start = performance.now();
    await scanAttachments(letterOf(a("a.rar", make())));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
