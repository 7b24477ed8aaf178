import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlToText } from "../text/html-to-text.ts";
import { composeMessage } from "./compose-message.ts";
import { oneLine } from "./header-text.ts";
import { anOutgoing, expectSound, linesOf, PARSERS, sameText } from "./read-back.test-support.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

const SUBJECTS = [
  "",
  "Hello",
  "Grüße",
  "😀",
  "👨‍👩‍👧‍👦 family 🏳️‍🌈 flag",
  "会議の議事録と来週の予定について".repeat(12),
  "a 会 b 議 c",
  "שלום עולם, مرحبا بالعالم \u202eabc",
  "e\u0301a\u0308o\u0302 Z\u0351\u036b\u0343a\u0363l\u0342g\u0334o\u0340".repeat(8),
  "=?utf-8?B?SGFja2Vk?=",
  "An = and a ? and a _ and =20",
  "double  spaces,   and three",
  "a".repeat(300),
  `see https://example.com/${"path/".repeat(40)} please`,
  "word ".repeat(60).trim(),
  'Re: Fwd: [list] 100% "quoted" \\ back <angle> (comment); semicolon, comma',
  "\u{10ffff}\u{10000}",
];

const NAMES = [
  "Alice",
  "Alice B. Carol",
  "Doe, John",
  'Anna "Ann" O\'Hara',
  "back\\slash",
  "semi;colon: <angle> (comment) @at",
  "Jürgen Müller",
  "Müller, Jürgen",
  "山田太郎".repeat(30),
  "😀",
  "שרה כהן",
  "=?utf-8?q?fake?=",
  "x".repeat(200),
  "evil@example.com",
  "two  spaces",
  "e\u0301",
];

const FILENAMES = [
  "report.pdf",
  "two words.pdf",
  'say "hi".txt',
  "back\\slash.txt",
  "semi;colon, comma.txt",
  "it's 100%.txt",
  "star*name'lang'.txt",
  "=?utf-8?b?SGFja2Vk?=.txt",
  "Übersicht.pdf",
  "日本語の資料.xlsx",
  "日本語".repeat(70),
  `${"a".repeat(200)}.txt`,
  `${"long name ".repeat(20)}.txt`,
  "😀👨‍👩‍👧‍👦.png",
  "attachment.png",
  "inline.png",
  "קובץ.doc",
  "e\u0301.txt",
  "../../etc/passwd",
];

const BODIES = [
  "",
  "Hello",
  "Hello\n",
  "Grüße aus Köln\nzweite Zeile",
  "会議の議事録\n".repeat(50),
  "From here on\n\nFrom there\n>From quoted\nfrom small",
  ".\n..\n.hidden\nnormal\n.",
  "x".repeat(5000),
  `${"y".repeat(5000)}\n${"ü".repeat(5000)}\nend`,
  "trailing space \ntrailing tab\t\n  leading",
  "equals = sign =3D =\nnext",
  "windows\r\nmac\runix\nend",
  "😀".repeat(300),
  "--5c0b7a2e-1f1d-4c22-8333-944444444444--\nnot a delimiter",
];

describe.each(PARSERS)("%s reads back", (parser, read) => {
  it.each(SUBJECTS)("the subject %j", async (subject) => {
    const raw = composeMessage(anOutgoing({ subject }));
    expectSound(raw);
    expect((await read(raw)).subject).toBe(subject);
  });

  it.each(NAMES)("the name %j", async (name) => {
    const one = { name, email: "a@mesh.test" };
    const raw = composeMessage(
      anOutgoing({ from: one, to: [one, { name: "", email: "b@mesh.test" }, one], cc: [one], reply_to: [one] }),
    );
    expectSound(raw);
    const mail = await read(raw);
    expect(mail.from).toEqual([`${name}|a@mesh.test`]);
    expect(mail.to).toEqual([`${name}|a@mesh.test`, "|b@mesh.test", `${name}|a@mesh.test`]);
    expect(mail.cc).toEqual([`${name}|a@mesh.test`]);
    expect(mail.reply_to).toEqual([`${name}|a@mesh.test`]);
  });

  // postal-mime decodes encoded-words in what RFC 2231 has decoded already; no way of writing the name would stop it.
  const filenames = FILENAMES.filter((filename) => parser !== "postal-mime" || !filename.startsWith("=?"));

  it.each(filenames)("the file name %j", async (filename) => {
    for (const content_type of ["application/pdf", "text/plain", "image/png"]) {
      const content = ascii("%PDF");
      const raw = composeMessage(
        anOutgoing({ attachments: [{ filename, content_type, content, disposition: "attachment" }] }),
      );
      expectSound(raw);
      const { attachments } = await read(raw);
      expect(attachments).toEqual([{ filename, content, content_id: null }]);
    }
  });

  it.each(FILENAMES)("the file name %j from Content-Type alone", async (filename) => {
    const raw = composeMessage(
      anOutgoing({
        attachments: [{ filename, content_type: "image/png", content: ascii("x"), disposition: "attachment" }],
      }),
    );
    const bare = linesOf(raw)
      .join("\r\n")
      .replace(
        /Content-Disposition: attachment;(?:\r\n [^\r\n]*|[^\r\n]*)*\r\n\r\n/,
        "Content-Disposition: attachment\r\n\r\n",
      );
    expect(bare).not.toContain("filename");
    expect((await read(ascii(bare))).attachments[0]?.filename).toBe(filename);
  });

  it.each(BODIES)("the body %j", async (body) => {
    const raw = composeMessage(anOutgoing({ body }));
    expectSound(raw);
    const mail = await read(raw);
    expect(mail.text).toBe(sameText(body));
    expect(mail.html).toBe("");
    expect(mail.attachments).toEqual([]);
  });

  it.each(BODIES)("the body %j beside HTML, a picture and a file", async (body) => {
    const html = `<p title="ü">${body}</p><img src="cid:pic@mesh.test">`;
    const picture = Uint8Array.from({ length: 256 }, (_, n) => n);
    const raw = composeMessage(
      anOutgoing({
        body,
        body_html: html,
        attachments: [
          {
            filename: "p.png",
            content_type: "image/png",
            content: picture,
            disposition: "inline",
            content_id: "pic@mesh.test",
          },
          { filename: "f.bin", content_type: "x/y", content: ascii("file"), disposition: "attachment" },
        ],
      }),
    );
    expectSound(raw);
    const mail = await read(raw);
    // mailparser puts an inline picture into the HTML as a data URL; that it could, says it found both.
    expect(mail.html.replace(/src="data:[^"]*"/, 'src="cid:pic@mesh.test"')).toBe(sameText(html));
    expect(mail.text).toBe(sameText(body));
    expect(mail.attachments).toEqual([
      { filename: "p.png", content: picture, content_id: "<pic@mesh.test>" },
      { filename: "f.bin", content: ascii("file"), content_id: null },
    ]);
  });

  it("five attachments and their octets, in order", async () => {
    const attachments = Array.from({ length: 5 }, (_, n) => ({
      filename: `part ${n} of inline attachment.bin`,
      content_type: ["application/zip", "text/csv", "image/gif", "text/html; charset=koi8-r", "nonsense"][n] ?? "",
      content: Uint8Array.from({ length: n * 19 }, (_, i) => (i * 7 + n) % 256),
      disposition: n % 2 === 0 ? ("attachment" as const) : ("inline" as const),
    }));
    const raw = composeMessage(anOutgoing({ attachments }));
    expectSound(raw);
    const mail = await read(raw);
    expect(mail.text).toBe("Hello, Bob.");
    expect(mail.attachments).toEqual(
      attachments.map(({ filename, content }) => ({ filename, content, content_id: null })),
    );
  });

  it("forty references, oldest first, the parent last", async () => {
    const references = Array.from({ length: 40 }, (_, n) => `<${n}.${"x".repeat(n)}@mesh.test>`);
    const raw = composeMessage(anOutgoing({ references, in_reply_to: "parent@mesh.test" }));
    expectSound(raw);
    expect((await read(raw)).references).toEqual([...references, "<parent@mesh.test>"]);
  });

  it("any subject, name, file name and text that fast-check thinks of", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 120 }).map(oneLine);
    const visible = line.map((text) => text.trim()).filter((text) => text !== "");
    const text = fc
      .array(fc.string({ unit: "grapheme", maxLength: 200 }), { maxLength: 8 })
      .map((all) => all.join("\n"));
    await fc.assert(
      fc.asyncProperty(line, visible, visible, text, text, async (subject, name, filename, body, inner) => {
        const html = `<div>${inner}</div>`;
        const content = new TextEncoder().encode(inner);
        const raw = composeMessage(
          anOutgoing({
            subject,
            from: { name, email: "a@mesh.test" },
            body,
            body_html: html,
            attachments: [{ filename, content_type: "text/plain", content, disposition: "attachment" }],
          }),
        );
        expectSound(raw);
        const mail = await read(raw);
        expect(mail.subject.trim()).toBe(subject.trim());
        expect(mail.from).toEqual([`${name}|a@mesh.test`]);
        const shown = body.trim() === "" ? htmlToText(html) : body;
        expect(mail.text).toBe(shown.trim() === "" ? "" : sameText(shown));
        expect(mail.html).toBe(sameText(html));
        expect(mail.attachments).toEqual([{ filename, content, content_id: null }]);
      }),
      { numRuns: 300, seed: 5322 },
    );
  });
});
