import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, raw } from "./fixtures/raw.ts";
import { expectWellFormed } from "./fixtures/well-formed.ts";
import { parseMessage, readAttachment } from "./parse-message.ts";

describe("a broken message", () => {
  it("that is empty has a note", async () => {
    expect(await parseMessage(new Uint8Array())).toMatchObject({
      text: "",
      subject: "",
      from: null,
      parse_note: "This message could not be parsed: it is empty.",
    });
  });

  it("without a header is its text, with a note", async () => {
    const message = await parseMessage(raw("Dear Ann,", "", "how are you?"));
    expect(message.text).toBe("Dear Ann,\n\nhow are you?");
    expect(message.parse_note).toBe("This message could not be parsed: it has no header.");
  });

  it("of bytes alone is text, with a note", async () => {
    const message = await parseMessage(Uint8Array.from({ length: 1000 }, (_, n) => (n * 7) % 256));
    expect(message.text).not.toBe("");
    expect(message.parse_note).toMatch(/^This message could not be parsed: /);
    expectWellFormed(message);
  });

  it.each([
    ["a header that never ends", "Subject: x\r\nFrom: a@b.test", "x", ""],
    ["no empty line before the body", "Subject: x\r\nHello there\r\nsecond line", "x", "Hello there\nsecond line"],
    ["bare LF", "Subject: x\nTo: a@b.test\n\nbody\n", "x", "body\n"],
    ["an mbox line", "From a@b.test Mon Aug 26 14:00:00 2002\nSubject: x\n\nbody", "x", "body"],
    ["a line of no field in its header", "Subject: x\r\nwhat is this\r\nTo: a@b.test\r\n\r\nbody", "x", "body"],
    ["a damaged first line", "\u0001garbage\r\nSubject: x\r\nTo: a@b.test\r\n\r\nbody", "x", "body"],
    ["a multipart without boundary", "Subject: x\r\nContent-Type: multipart/mixed\r\n\r\nbody", "x", "body"],
    ["a boundary that never comes", "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nbody", "x", "body"],
    ["a boundary of blanks", 'Subject: x\r\nContent-Type: multipart/mixed; boundary="  "\r\n\r\nbody', "x", "body"],
    [
      "no closing boundary",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody",
      "x",
      "body",
    ],
    [
      "blanks after a boundary",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b \t\r\n\r\nbody\r\n--b-- ",
      "x",
      "body",
    ],
    [
      "no empty line before the parts",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n--b\r\n\r\nbody\r\n--b--",
      "x",
      "body",
    ],
    [
      "no empty line in a part",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nbody\r\n--b--",
      "x",
      "body",
    ],
    [
      "a part that is only a header",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n--b--",
      "x",
      "",
    ],
    [
      "a boundary that begins another",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--bb\r\nbody\r\n--b--",
      "x",
      "--bb\nbody",
    ],
    [
      "a boundary that ends in dashes",
      'Subject: x\r\nContent-Type: multipart/mixed; boundary="b--"\r\n\r\n--b--\r\n\r\nbody\r\n--b----',
      "x",
      "body",
    ],
    [
      "an 8-bit boundary",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=%%E9%%FF\r\n\r\n--%%E9%%FF\r\n\r\nbody\r\n--%%E9%%FF--",
      "x",
      "body",
    ],
    [
      "one boundary for two multiparts",
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody\r\n--b--\r\n--b--",
      "x",
      "body",
    ],
    ["an unknown transfer encoding", "Subject: x\r\nContent-Transfer-Encoding: x-none\r\n\r\nbody", "x", "body"],
    ["base64 that is none", "Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!", "x", ""],
    ["an empty Content-Type", "Subject: x\r\nContent-Type:\r\n\r\nbody", "x", "body"],
    ["two Content-Types", "Subject: x\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>", "x", "<b>"],
    ["NUL bytes everywhere", "Sub\u0000ject: y\r\nSubject: x\u0000\r\nTo: a@b.test\r\n\r\nbo\u0000dy", "x", "body"],
  ])("with %s is read all the same", async (_what, source, subject, text) => {
    const message = await parseMessage(bytes(source));
    expect(message).toMatchObject({ subject, text, parse_note: null });
    expectWellFormed(message);
  });

  it("of any bytes is parsed, and its attachments can be read", async () => {
    const piece = fc.constantFrom(
      "Subject: ",
      "Content-Type: multipart/mixed; boundary=b",
      "Content-Type: text/html",
      "--b",
      "--b--",
      "\r\n",
      "\n",
      "\r\n\r\n",
      "Content-Transfer-Encoding: base64",
      "=?utf-8?Q?",
      "?=",
      "%%FF",
      "%%C3%%A9",
      "<a@b>",
      "a",
      ": ",
      "; ",
      '"',
      "message/rfc822",
      "From ",
      " ",
    );
    const source = fc.array(piece, { maxLength: 30 }).map((pieces) => bytes(pieces.join("")));
    await fc.assert(
      fc.asyncProperty(fc.oneof(source, fc.uint8Array({ maxLength: 200 })), async (message) => {
        const parsed = await parseMessage(message);
        expectWellFormed(parsed);
        for (const attachment of parsed.attachments) {
          const read = await readAttachment(message, attachment.n);
          expect(read?.info).toEqual(attachment);
          expect(read?.content.length).toBe(attachment.size);
        }
      }),
      { numRuns: 2000, seed: 8 },
    );
  });
});
