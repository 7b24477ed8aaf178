import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { screenFile } from "./file.ts";
import { EICAR } from "./file-bytes.ts";
import { screenName } from "./file-name.ts";
import { Findings } from "./findings.ts";
import { misleadingLink, readHtmlSigns } from "./html-signs.ts";
import { screenMessage } from "./message.ts";
import { GTUBE, screenWords, type Words } from "./text.ts";
import { type ZipFile, zipOf } from "./zip.test-support.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const PE = bytes(`MZ\x90\0${"\0".repeat(60)}This program cannot be run in DOS mode.`);

async function codesOf(filename: string, content: Uint8Array, content_type = "application/octet-stream") {
  const findings = new Findings();
  await screenFile(findings, "attachments.0", { filename, content_type }, content);
  return findings.verdict.findings.map(({ code }) => code);
}

function wordsVerdict(words: Partial<Words>) {
  const findings = new Findings();
  screenWords(findings, { from: null, subject: "", text: "", html: null, ...words });
  const { refused, findings: found } = findings.verdict;
  return [refused, ...found.map(({ at, code }) => `${at} ${code}`)];
}

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
    const letter = letterWith("inner.zip", zip);
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

describe("words", () => {
  const link = (href: string, shown: string) => `<p><a href="${href}">${shown}</a></p>`;
  const BANK = "https://evil.example/login";

  it("that are the test line of spam filters are refused, wherever they are", () => {
    expect(wordsVerdict({ text: `Hi\n${GTUBE}\n` })).toEqual([true, "text test_spam"]);
    expect(wordsVerdict({ html: `<p>${GTUBE}</p>` })).toEqual([true, "html test_spam"]);
    expect(wordsVerdict({ subject: GTUBE })).toEqual([true, "subject test_spam"]);
  });

  it.each([
    ["a tab in its scheme", '<a href="ht\ttps://evil.example/">www.bank.com</a>'],
    ["no scheme", '<a href="//evil.example/">www.bank.com</a>'],
    ["a base", '<base href="https://evil.example/"><a href="/x">www.bank.com</a>'],
    ["no blank before its address", '<a title="x"href="https://evil.example/">www.bank.com</a>'],
    ["a slash before its address", "<a/href=https://evil.example/>www.bank.com</a>"],
    [
      "an address in the value of something else",
      '<a title=" href=https://www.bank.com/ " href="https://evil.example/">www.bank.com</a>',
    ],
    ["dots of another script", '<a href="https://evil.example/">www\u3002bank\u3002com</a>'],
    ["wide letters", '<a href="https://evil.example/">ｗｗｗ.ｂａｎｋ.ｃｏｍ</a>'],
    ["brackets", '<a href="https://evil.example/">(www.bank.com)</a>'],
    ["quotes", '<a href="https://evil.example/">&laquo;www.bank.com&raquo;.</a>'],
  ])("show a link for what it is, with %s", (_what, html) => {
    expect(misleadingLink(readHtmlSigns(html))).toEqual({ shown: "www.bank.com", host: "evil.example" });
  });

  it.each(['<img/onerror="x()">', '<img alt="x"onerror=x()>', "<a href='java\nscript:x()'>x</a>"])(
    "have a script in %s",
    (html) => expect(readHtmlSigns(html).hasScript).toBe(true),
  );
  it.each(['<img alt=" onerror=x()">', "<p title='javascript:x()'>x</p>"])("have none in %s", (html) =>
    expect(readHtmlSigns(html).hasScript).toBe(false),
  );

  it("with one sign of fraud pass, and with a form for a password beside another they are refused", () => {
    const from = { name: "service@bank.example", email: "alice@mesh.test" };
    const form = "<form><input name=p type='PassWord'></form>";
    expect(wordsVerdict({ html: link(BANK, "www.bank.com") })).toEqual([false, "html misleading_link"]);
    expect(wordsVerdict({ html: form })).toEqual([false, "html password_form"]);
    expect(wordsVerdict({ from })).toEqual([false, "from name_is_other_address"]);
    expect(wordsVerdict({ html: link(BANK, "www.bank.com") + form })[0]).toBe(true);
    expect(wordsVerdict({ from, html: form })[0]).toBe(true);
    expect(wordsVerdict({ from, html: link(BANK, "www.bank.com") })[0]).toBe(false);
  });

  it.each([
    [BANK, "https://bank.com/login", "bank.com"],
    [BANK, "<b>bank</b>.com", "bank.com"],
    [BANK, "&#119;ww.bank.com", "www.bank.com"],
    ["http://192.0.2.7/x", "bank.com", "bank.com"],
    ["https://bank.com@evil.example/", "bank.com", "bank.com"],
  ])("a link to %s that shows %s misleads", (href, shown, host) => {
    expect(misleadingLink(readHtmlSigns(link(href, shown)))?.shown).toBe(host);
  });

  it.each([
    link(BANK, "\u202emoc.knab.www\u202c"),
    link(BANK, "Log in at &#8238;moc.knab.www"),
    link(BANK, "&#x202D;x"),
    link(BANK, "<bdo dir=rtl>moc.knab.www</bdo>"),
    `<BDO DIR="rtl">${link(BANK, "moc.knab.www")}</bdo>`,
    `\u202e<b><a href="${BANK}">moc.knab.www</a></b>`,
    link(BANK, "\u202b\u202emoc.knab.www"),
  ])("a link that shows its text backwards misleads: %s", (html) => {
    const evil = { shown: "its text backwards", host: "evil.example" };
    expect(misleadingLink(readHtmlSigns(html))).toEqual(evil);
  });

  it.each([
    `<p>\u202eabc</p>${link(BANK, "Log in")}`,
    `\u202eabc\u202c <a href="${BANK}">Log in</a>`,
    `<p dir=rtl>${link(BANK, "שלום \u202bעולם\u202c")}</p>`,
    link(BANK, "\u200f\u2067שלום\u2069"),
    `<bdo dir=rtl>abc</bdo></bdo>${link(BANK, "Log in")}`,
    `<bdo dir=rtl><a href="${BANK}"> </a></bdo>`,
  ])("a link beside such text, or in a language of that direction, is innocent: %s", (html) => {
    expect(misleadingLink(readHtmlSigns(html))).toBe(null);
  });

  it.each([
    [BANK, "Log in"],
    [BANK, "README.md"],
    ["https://www.bank.com/x", "bank.com"],
    ["https://click.bank.com/x", "https://www.bank.com"],
    ["mailto:a@bank.com", "a@bank.com"],
    ["#top", "bank.com"],
    ["", "bank.com"],
  ])("a link to %j that shows %j is innocent", (href, shown) => {
    expect(misleadingLink(readHtmlSigns(link(href, shown)))).toBe(null);
  });

  it("a name with an address of the sender's own domain is innocent", () => {
    expect(wordsVerdict({ from: { name: "alice@mesh.test", email: "alice@mail.mesh.test" } })).toEqual([false]);
  });
});

describe("whatever comes", () => {
  it("is judged and never throws", async () => {
    const file = fc.record({ name: fc.string(), content: fc.uint8Array(), deflated: fc.boolean() });
    const damaged = fc
      .tuple(fc.array(file, { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(255))))
      .map(([files, hits]) => {
        const zip = zipOf(files);
        for (const [at, byte] of hits) zip[at % zip.length] = byte;
        return zip;
      });
    const names = fc.constantFrom("a.zip", "a.eml", "a.bin");
    await fc.assert(
      fc.asyncProperty(names, fc.oneof(damaged, fc.uint8Array({ maxLength: 500 })), async (name, content) => {
        await codesOf(name, content);
        await screenMessage(content);
        await screenMessage(letterWith(name, content));
      }),
      { numRuns: 300 },
    );
  });

  it("words, names and addresses never throw", () => {
    const html = fc
      .array(
        fc.constantFrom("<a href=", "http://", "[", "x.com", '"', ">", "</a>", "<input type=password", "&", "@", "%"),
      )
      .map((all) => all.join(""));
    const from = fc.record({ name: fc.string({ unit: "binary" }), email: fc.string() });
    fc.assert(
      fc.property(from, html, fc.string({ unit: "binary" }), (who, markup, text) => {
        wordsVerdict({ from: who, html: markup, text });
        screenName(text);
      }),
    );
  });

  it.each<[string, string, () => Uint8Array]>([
    [
      "a zip of 200,000 empty files",
      "a.zip",
      () => zipOf(Array.from({ length: 200_000 }, (_, n) => ({ name: `${n}`, content: bytes("") }))),
    ],
    [
      "a zip of 50,000 deflated files",
      "a.zip",
      () =>
        zipOf(
          Array.from({ length: 50_000 }, (_, n) => ({ name: `${n}.txt`, content: bytes("Hello"), deflated: true })),
        ),
    ],
    ["25 MB of noise", "a.zip", () => randomBytes(25_000_000)],
    ["25 MB of end records", "a.zip", () => bytes("PK\x05\x06".repeat(6_250_000))],
    ["25 MB of blanks as a message", "a.eml", () => bytes(" ".repeat(25_000_000))],
  ])("%s takes linear time", async (_what, name, make) => {
    const content = make();
    const start = performance.now();
    await codesOf(name, content);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each(["<a href=http://a.com>b.com", "<a href=", "<", " ", "@", "a.", "<input type=", "&#", "http://"])(
    "2 MB of %j take linear time",
    (piece) => {
      const text = piece.repeat(2_000_000 / piece.length);
      const start = performance.now();
      wordsVerdict({ html: text, text, from: { name: text, email: "a@b.example" } });
      screenName(text);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});

function letterWith(filename: string, content: Uint8Array): Uint8Array {
  return bytes(
    [
      "From: a@far.example",
      "MIME-Version: 1.0",
      "Content-Type: application/octet-stream",
      `Content-Disposition: attachment; filename="${filename}"`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(content).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    ].join("\r\n"),
  );
}
