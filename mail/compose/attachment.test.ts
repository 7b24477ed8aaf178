import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { formatAttachment, isRelated, type OutgoingAttachment } from "./attachment.ts";
import { composeMessage, isEightBit } from "./compose-message.ts";
import { anOutgoing, expectSound, linesOf, PARSERS } from "./read-back.test-support.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function aFile(changes: Partial<OutgoingAttachment>): OutgoingAttachment {
  return { filename: "f", content_type: "application/zip", content: bytes("x"), disposition: "attachment", ...changes };
}

describe("a media type", () => {
  it.each([
    ["image/png", 'image/png; name="f"'],
    ["IMAGE/PNG", 'image/png; name="f"'],
    [" text/calendar ; method=REQUEST; charset=UTF-8 ", 'text/calendar; method="REQUEST"; charset="UTF-8"; name="f"'],
    ['text/plain; name="evil.exe"; format="a b"', 'text/plain; format="a b"; name="f"'],
    ['x/y; a="q\\"q"', "x/y; a*=utf-8''q%22q; name=\"f\""],
    ["x/y; a=ü", "x/y; a*=utf-8''%C3%BC; name=\"f\""],
    ["", 'application/octet-stream; name="f"'],
    ["nonsense", 'application/octet-stream; name="f"'],
    ["text/plain charset=utf-8", 'application/octet-stream; name="f"'],
    [`x/${"y".repeat(200)}`, 'application/octet-stream; name="f"'],
    [`x/y; ${"a=b; ".repeat(400)}`, 'application/octet-stream; name="f"'],
    ["multipart/mixed; boundary=x", 'application/octet-stream; name="f"'],
  ])("%j is written as %j", (content_type, written) => {
    const value = formatAttachment(aFile({ content_type })).headers["Content-Type"];
    expect(value?.replaceAll("\r\n ", " ")).toBe(written);
  });

  it.each([
    ["text/csv", "a;ü", 'text/csv; charset="utf-8"; name="f"'],
    ["text/csv", "a;b", 'text/csv; name="f"'],
    ["text/csv; charset=koi8-r", "ü", 'text/csv; charset="koi8-r"; name="f"'],
    ["image/svg+xml", "ü", 'image/svg+xml; name="f"'],
  ])("%s with %j says its charset when only the octets do", (content_type, content, written) => {
    expect(formatAttachment(aFile({ content_type, content: bytes(content) })).headers["Content-Type"]).toBe(written);
  });

  it("claims no charset for octets that are not UTF-8", () => {
    const { headers } = formatAttachment(aFile({ content_type: "text/csv", content: new Uint8Array([0xe9]) }));
    expect(headers["Content-Type"]).toBe('text/csv; name="f"');
  });
});

describe("a disposition", () => {
  it.each([
    ["a picture with an id", { content_type: "image/png", content_id: "<a@b>" }, "inline", true],
    ["a picture without one", { content_type: "image/png" }, "inline", false],
    ["a picture with an id that is none", { content_type: "image/png", content_id: "a b" }, "inline", false],
    ["text, which would run into the body", { content_type: "text/plain", content_id: "a@b" }, "attachment", false],
    ["a message", { content_type: "message/rfc822", content_id: "a@b" }, "attachment", false],
  ])("of %s", (_what, changes, disposition, related) => {
    const file = aFile({ ...changes, disposition: "inline" });
    expect(formatAttachment(file).headers["Content-Disposition"]).toBe(`${disposition}; filename="f"`);
    expect(isRelated(file)).toBe(related);
  });

  it("has no file name when there is none", () => {
    const { headers } = formatAttachment(aFile({ filename: "" }));
    expect(headers).toEqual({ "Content-Type": "application/zip", "Content-Disposition": "attachment" });
  });
});

describe("an attached message", () => {
  const header = "From: a@b.test\r\nSubject: inner\r\n\r\n";

  it.each([
    ["in ASCII", `${header}Hello\r\n`, "7bit"],
    ["whose last line has no end", `${header}Hello`, "7bit"],
    ["that ends in empty lines", `${header}Hello\r\n\r\n\r\n`, "7bit"],
    ["with 8-bit letters", `${header}Grüße\r\n`, "8bit"],
    ["with lines of 998 octets", `${header}${"x".repeat(998)}\r\n`, "7bit"],
    ["with lines of 999 octets", `${header}${"x".repeat(999)}\r\n`, "base64"],
    ["with bare line feeds", `${header}Hello\nBob\r\n`, "base64"],
    ["with bare carriage returns", `${header}Hello\rBob\r\n`, "base64"],
    ["that ends in a carriage return", `${header}Hello\r`, "base64"],
    ["with a NUL", `${header}\0`, "base64"],
    ["that is empty", "", "7bit"],
  ])("%s (%j) keeps every octet, as %s", async (_what, text, encoding) => {
    const content = bytes(text);
    const file = aFile({ filename: "m.eml", content_type: "message/rfc822", content });
    const { headers, body } = formatAttachment(file);
    expect(body.encoding).toBe(encoding);
    // A reader that finds base64 in a message/rfc822 may take the letters for the message.
    expect(headers["Content-Type"]?.startsWith("message/rfc822")).toBe(encoding !== "base64");

    const raw = composeMessage(anOutgoing({ attachments: [file] }));
    expectSound(raw, { asItIs: true });
    expect(isEightBit(raw)).toBe(encoding === "8bit");
    expect(linesOf(raw)).toContain(`Content-Transfer-Encoding: ${encoding}`);
    const mail = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer", rfc822Attachments: true });
    expect(mail.attachments[0]?.filename).toBe("m.eml");
  });

  it("comes back octet for octet, last line and all", () => {
    for (const end of ["", "\r\n", "\r\n\r\n"]) {
      const content = bytes(`${header}Grüße${end}`);
      const file = aFile({ filename: "m.eml", content_type: "message/rfc822", content });
      const raw = Buffer.from(composeMessage(anOutgoing({ attachments: [file] })));
      const start = raw.indexOf("\r\n\r\n", raw.indexOf("message/rfc822")) + 4;
      // RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter.
      const stop = raw.indexOf("\r\n--mesh-", start);
      expect(raw.subarray(start, stop).equals(content)).toBe(true);
    }
  });

  it("comes back octet for octet as an octet stream", async () => {
    const content = bytes(`${header}bare\nline\0feeds`);
    const file = aFile({ filename: "m.eml", content_type: "message/rfc822", content });
    for (const [, read] of PARSERS) {
      expect((await read(composeMessage(anOutgoing({ attachments: [file] })))).attachments).toEqual([
        { filename: "m.eml", content, content_id: null },
      ]);
    }
  });
});
