import { describe, expect, it } from "vitest";
import { EICAR } from "./file-bytes.ts";
import { screenName } from "./file-name.ts";
import { bytes, codesOf, PE } from "./screened.test-support.ts";

describe("a file's name", () => {
  it.each([
    ["setup.exe", "program_name"],
    ["SETUP.EXE. . ", "program_name"],
    ["a.exe::$DATA", "program_name"],
    ["a.e\u200bxe", "program_name"],
    ["invoice.pdf.exe", "double_extension"],
    ["photo.jpg   .scr", "double_extension"],
    ["shortcut.lnk", "program_name"],
    ["disk.iso", "program_name"],
    ["macro.ps1", "script_name"],
    ["page.hta", "script_name"],
    [`invoice.pdf${" ".repeat(60)}.exe`, "double_extension", "disguised_name"],
    ["report\u202efdp.txt", "disguised_name"],
    ["run.js\0.pdf", "disguised_name"],
    ["Printer.settingcontent-ms", "program_name"],
    [`a${" ".repeat(30)}.dat`, "disguised_name"],
  ])("%j: %s %s", (name, ...codes) => {
    expect(screenName(name).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    "exe",
    "invoice.pdf",
    "archive.tar.gz",
    "exe.txt",
    "שלום\u200f.pdf",
    "report.docm",
    "run.sh",
    "",
    ".",
    "Re: a meeting. Soon",
  ])("%j is innocent", (name) => {
    expect(screenName(name)).toEqual([]);
  });
});

describe("a file's bytes", () => {
  it.each([
    ["Windows", PE],
    ["Linux", bytes("\x7fELF\x02\x01\x01")],
    ["macOS", bytes("\xcf\xfa\xed\xfe\x07")],
    ["Java", bytes("\xca\xfe\xba\xbe\0\0")],
    ["a shortcut", bytes("L\0\0\0\x01\x14\x02\0\0\0")],
  ])("are a program of %s whatever its name", async (_system, content) => {
    expect(await codesOf("holiday.jpg", content)).toEqual(["program"]);
  });

  it.each([
    "#!/bin/sh\necho hello\n",
    "MZ is how programs begin, and this letter, and it is longer than a header has.",
    "",
    "M",
  ])("%j are innocent", async (text) => {
    expect(await codesOf("notes.txt", bytes(text))).toEqual([]);
  });

  it.each(["utf8", "utf16le"] as const)("are a page with a script in %s", async (encoding) => {
    const page = Buffer.from("\ufeff<html><script>go()</script></html>", encoding);
    expect(await codesOf("a.html", page)).toEqual(["page_script"]);
    expect(await codesOf("a.pdf", page)).toEqual(["type_differs", "page_script"]);
  });

  it("are the test virus", async () => {
    expect(await codesOf("a.txt", bytes(`${EICAR}\r\n`))).toEqual(["test_virus"]);
  });
});
