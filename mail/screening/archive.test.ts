import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { letterOf } from "./attached.test-support.ts";
import { screenFile } from "./file.ts";
import { EICAR } from "./file-bytes.ts";
import { Findings } from "./findings.ts";
import { bytes, codesOf, PE } from "./screened.test-support.ts";
import { type ZipFile, zipOf } from "./zip.test-support.ts";

describe("an archive", () => {
  const harmful: [string, ZipFile, string][] = [
    ["a program's name", { name: "deep/er/setup.exe", content: bytes("x") }, "program_name"],
    ["a stored program", { name: "a.dat", content: PE }, "program"],
    ["a deflated program", { name: "a.dat", content: PE, deflated: true }, "program"],
    [
      "a large deflated program",
      { name: "a", content: Buffer.concat([PE, randomBytes(90_000)]), deflated: true },
      "program",
    ],
    [
      "a program of noise",
      { name: "a", content: Buffer.concat([bytes("MZ\0\0"), randomBytes(90_000)]), deflated: true },
      "program",
    ],
    ["the stored test virus", { name: "a.txt", content: bytes(EICAR) }, "test_virus"],
    ["the deflated test virus", { name: "a.txt", content: bytes(EICAR), deflated: true }, "test_virus"],
  ];
  it.each(harmful)("with %s is found, in a zip in it and in an attached message too", async (_what, file, code) => {
    const zip = zipOf([{ name: "readme.txt", content: bytes("Hello") }, file]);
    expect(await codesOf("a.bin", zip)).toEqual([code]);
    for (const deflated of [false, true]) {
      expect(await codesOf("a.zip", zipOf([{ name: "inner.zip", content: zip, deflated }]))).toEqual([code]);
    }
    const letter = letterOf({ filename: "inner.zip", content: zip, type: "application/octet-stream" });
    expect(await codesOf("letter.eml", letter, "message/rfc822")).toEqual([code]);
  });

  it("with documents, texts and nothing is innocent, and a document with macros is told", async () => {
    expect(await codesOf("a.zip", zipOf([]))).toEqual([]);
    const files = ["word/document.xml", "word/vbaProject.bin", "a/b.pdf"].map((name) => ({
      name,
      content: bytes("Hello ".repeat(500)),
      deflated: true,
    }));
    expect(await codesOf("a.docm", zipOf(files))).toEqual(["macros"]);
  });

  it("that cannot be read is told and weighs little", async () => {
    expect(await codesOf("a.zip", bytes("no zip"))).toEqual(["unreadable_archive"]);
    const encrypted = zipOf([{ name: "a.txt", content: bytes("x"), encrypted: true }]);
    expect(await codesOf("a.zip", encrypted)).toEqual(["encrypted_archive"]);
    const findings = new Findings();
    await screenFile(findings, "attachments.0", { filename: "a.zip", content_type: "" }, bytes("no zip"));
    expect(findings.verdict.refused).toBe(false);
  });

  it("with something in front of it is read as unpackers read it", async () => {
    const zip = zipOf([{ name: "a.txt", content: bytes(EICAR), deflated: true }]);
    expect(await codesOf("a.zip", Buffer.concat([bytes("GIF89a;"), zip]))).toEqual(["test_virus"]);
  });

  it("with an archive in front of it that its directory does not name is looked into there as well", async () => {
    // Some unpackers read the first, some the last, some all.
    const last = zipOf([{ name: "a.txt", content: bytes("Hello") }]);
    const hidden = zipOf([{ name: "b.txt", content: bytes(EICAR), deflated: true }]);
    const both = Buffer.concat([hidden, last]);
    expect(await codesOf("a.zip", both)).toEqual(["test_virus"]);
    expect(await codesOf("a.bin", Buffer.concat([last, both]))).toEqual(["test_virus"]);
    expect(await codesOf("a.zip", zipOf([{ name: "inner.zip", content: both }]))).toEqual(["test_virus"]);
    // A file without any directory, which programs that read from the front unpack all the same.
    const bare = hidden.subarray(0, hidden.indexOf("PK\x01\x02", 0, "latin1"));
    for (const end of [last, zipOf([])])
      expect(await codesOf("a.zip", Buffer.concat([bare, end]))).toEqual(["unreadable_archive"]);
    // A name that only the header in front has, and a folder that is one in the directory alone.
    const [named, folder] = [
      zipOf([{ name: "a.txt", content: bytes("x") }]),
      zipOf([{ name: "a.t/", content: bytes("x") }]),
    ];
    named.write("a.bat", 30);
    folder.write("a.js", 30);
    expect(await codesOf("a.zip", named)).toEqual(["script_name"]);
    expect(await codesOf("a.zip", folder)).toEqual(["script_name"]);
    const honest = zipOf([
      { name: "folder/", content: bytes("") },
      { name: "folder/a.txt", content: bytes("Hello") },
    ]);
    expect(await codesOf("a.zip", honest)).toEqual([]);
    expect(await codesOf("a.zip", zipOf([{ name: "folder/", content: bytes("") }]))).toEqual([]);
  });

  it("whose headers contradict its directory is told: nobody knows what unpackers make of it", async () => {
    for (const [at, value] of [
      [0, 0x58], // No header at all.
      [8, 8], // Deflated, where the directory says stored.
      [6, 1], // Encrypted, which the directory does not say.
    ] as const) {
      const zip = zipOf([{ name: "a.txt", content: bytes("Hello ".repeat(20)) }]);
      zip[at] = value;
      expect(await codesOf("a.zip", zip)).toEqual(["unreadable_archive"]);
    }
  });

  it.each([
    "application/vnd.ms-excel.macrosheet+xml",
    "application/vnd.ms-office.vbaProject",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
  ])("with macros under any name has them in its list of types, %s", async (type) => {
    const types = bytes(`<Types><Override PartName="/xl/worksheets/a.xml" ContentType="${type}"/></Types>`);
    const files = [
      { name: "[Content_Types].xml", content: types, deflated: true },
      { name: "xl/worksheets/a.xml", content: bytes("<xm:macrosheet/>") },
    ];
    expect(await codesOf("a.xlsx", zipOf(files))).toEqual(["macros"]);
  });

  it("or a message with more files than anybody sends is given up", async () => {
    const multipart = (boundary: string, parts: string[]) => {
      const all = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
      return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${all}--${boundary}--\r\n`;
    };
    const file = (name: string, content: string) =>
      `Content-Disposition: attachment; filename="${name}"\r\n\r\n${content}`;
    const thousand = `Content-Type: message/rfc822\r\n\r\n${multipart("c", Array(1000).fill(file("a.txt", "x")))}`;
    const codes = (thousands: number) =>
      codesOf("a.eml", bytes(multipart("b", [file("b.txt", EICAR), ...Array(thousands).fill(thousand)])));
    expect(await codes(2)).toEqual(["test_virus"]);
    expect(await codes(20)).toEqual(["test_virus", "unreadable_archive"]);
  });

  it("whose directory names one large file again and again is given up", async () => {
    const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), new Uint8Array(9_000_000)]);
    const zip = zipOf([{ name: "a.doc", content: ole }]);
    const [directory, end] = [zip.indexOf("PK\x01\x02", 0, "latin1"), zip.length - 22];
    const entry = zip.subarray(directory, end);
    const record = Buffer.from(zip.subarray(end));
    for (const times of [2, 100]) {
      record.writeUInt32LE(times * entry.length, 12);
      const many = Buffer.concat([zip.subarray(0, directory), Buffer.alloc(times * entry.length, entry), record]);
      expect(await codesOf("a.zip", many)).toEqual(times === 2 ? [] : ["unreadable_archive"]);
    }
  });

  it("that inflates without end is given up", async () => {
    const bomb = zipOf([{ name: "a.zip", content: new Uint8Array(80_000_000), deflated: true }]);
    const start = performance.now();
    expect(await codesOf("a.zip", zipOf([{ name: "b.zip", content: bomb }]))).toContain("unreadable_archive");
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
