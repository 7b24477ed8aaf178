import { describe, expect, it } from "vitest";
import { bytes, raw } from "./fixtures/raw.ts";
import { parseMessage, readAttachment } from "./parse-message.ts";

function mixed(...parts: string[][]) {
  const body = parts.flatMap((part) => ["--b", ...part]);
  return bytes(["Subject: x", "Content-Type: multipart/mixed; boundary=b", "", ...body, "--b--", ""].join("\r\n"));
}

async function contentOf(message: Uint8Array, n: number) {
  const found = await readAttachment(message, n);
  return found === null ? null : new TextDecoder("latin1").decode(found.content);
}

describe("an attachment", () => {
  const message = mixed(
    ["", "see below"],
    [
      "Content-Type: application/pdf; name=old.pdf",
      'Content-Disposition: attachment; filename="a.pdf"',
      "Content-Transfer-Encoding: base64",
      "",
      "aGVs",
      "bG8=",
    ],
    ["Content-Type: text/plain", "Content-Disposition: attachment; filename=b.txt", "", "line one", "line two"],
    ["Content-Type: image/png", "Content-Disposition: inline", "Content-ID: <pic@x>", "", "%%89PNG\r\n%%1A\n\r\n"],
    ["Content-Type: IMAGE/GIF", "", ""],
  );

  it("is listed in order, with its decoded size", async () => {
    expect((await parseMessage(message)).attachments).toEqual([
      {
        n: 0,
        filename: "a.pdf",
        content_type: "application/pdf",
        size: 5,
        content_id: null,
        disposition: "attachment",
      },
      { n: 1, filename: "b.txt", content_type: "text/plain", size: 18, content_id: null, disposition: "attachment" },
      {
        n: 2,
        filename: "attachment-3.png",
        content_type: "image/png",
        size: 10,
        content_id: "pic@x",
        disposition: "inline",
      },
      {
        n: 3,
        filename: "attachment-4.gif",
        content_type: "image/gif",
        size: 0,
        content_id: null,
        disposition: "attachment",
      },
    ]);
  });

  it("is given back byte for byte", async () => {
    expect(await contentOf(message, 0)).toBe("hello");
    expect(await contentOf(message, 1)).toBe("line one\r\nline two");
    expect((await readAttachment(message, 2))?.content).toEqual(bytes("%%89PNG\r\n%%1A\n\r\n"));
    expect(await contentOf(message, 3)).toBe("");
  });

  it("that is not there is null", async () => {
    expect(await readAttachment(message, 4)).toBeNull();
    expect(await readAttachment(message, -1)).toBeNull();
    expect(await readAttachment(message, 0.5)).toBeNull();
    expect(await readAttachment(new Uint8Array(), 0)).toBeNull();
  });

  it.each([
    ["Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.pdf", "€.pdf"],
    ["Content-Disposition: attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac.pdf", "€.pdf"],
    ['Content-Disposition: attachment; filename="=?utf-8?B?4oKsLnBkZg==?="', "€.pdf"],
    ["Content-Disposition: attachment; filename==?iso-8859-1?Q?=A3.pdf?=", "£.pdf"],
    ['Content-Disposition: attachment; filename="€.pdf"', "€.pdf"],
    ['Content-Disposition: attachment; filename="%%A3.pdf"', "£.pdf"],
    ['Content-Disposition: attachment; filename="../../x.pdf"', "x.pdf"],
    ['Content-Disposition: attachment\r\nContent-Type: application/pdf;\r\n name="a\r\n b.pdf"', "a b.pdf"],
    ["Content-Disposition: attachment\r\nContent-Type: application/pdf", "attachment-1.pdf"],
    ["Content-Type: message/rfc822", "attachment-1.eml"],
    ["Content-Type: text/calendar; method=REQUEST", "attachment-1.ics"],
  ])("with %j is called %s", async (headers, name) => {
    const { attachments } = await parseMessage(mixed(["", "text"], [headers, "", "x"]));
    expect(attachments.map((attachment) => attachment.filename)).toEqual([name]);
  });

  it.each([
    ["Content-Type: pdf", "application/octet-stream"],
    ["Content-Type: image/p\u0001ng", "application/octet-stream"],
    ["Content-Type: image/png\u2028", "application/octet-stream"],
    [`Content-Type: image/${"x".repeat(300)}`, "application/octet-stream"],
    ["Content-Type: image/svg+xml; charset=utf-8", "image/svg+xml"],
    ["Content-Type: message/rfc822", "message/rfc822"],
    ["Content-Type: message/delivery-status", "message/delivery-status"],
  ])("with %j is of type %s", async (headers, type) => {
    const { attachments } = await parseMessage(mixed(["", "text"], [headers, "", "x"]));
    expect(attachments.map((attachment) => attachment.content_type)).toEqual([type]);
  });

  it("is inline when it says so, or when the HTML shows it", async () => {
    const parsed = await parseMessage(
      mixed(
        ["Content-Type: text/html", "", '<img src="cid:shown@x"><img src=cid:per%40cent>'],
        ["Content-Type: image/png", "Content-ID: <shown@x>", "", "x"],
        ["Content-Type: image/png", "Content-ID: <per@cent>", "", "x"],
        ["Content-Type: image/png", "Content-ID: <other@x>", "", "x"],
        ["Content-Type: image/png", "Content-Disposition: attachment", "Content-ID: <shown@x>", "", "x"],
        ["Content-Type: image/png", "Content-Disposition: nonsense", "", "x"],
        ["Content-Type: image/png", "Content-Disposition: INLINE", "", "x"],
      ),
    );
    const inline = parsed.attachments.map((attachment) => attachment.disposition === "inline");
    expect(inline).toEqual([true, true, false, false, false, true]);
  });

  it("is a named text after another one, even inline", async () => {
    const named = ["Content-Type: text/plain", "Content-Disposition: inline; filename=fix.patch", "", "--- a"];
    expect((await parseMessage(mixed(["", "see below"], named))).attachments).toMatchObject([
      { filename: "fix.patch", disposition: "inline" },
    ]);
    expect(await parseMessage(mixed(named))).toMatchObject({ text: "--- a", attachments: [] });
  });

  it("is a message in a message, whole", async () => {
    const inner = "Subject: inner\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--";
    const outer = mixed(["", "see attached"], ["Content-Type: message/rfc822", "", inner]);
    expect((await parseMessage(outer)).attachments).toHaveLength(1);
    expect(await contentOf(outer, 0)).toBe(inner);
  });

  it("is each message of a digest", async () => {
    const digest = raw(
      "Content-Type: multipart/digest; boundary=d",
      "",
      "--d",
      "",
      "Subject: 1",
      "",
      "x",
      "--d",
      "",
      "Subject: 2",
      "",
      "y",
      "--d--",
    );
    const { attachments, text } = await parseMessage(digest);
    expect(attachments.map((attachment) => attachment.content_type)).toEqual(["message/rfc822", "message/rfc822"]);
    expect(text).toBe("");
  });

  it("is the whole body where that is no text", async () => {
    const message = raw("Content-Type: application/pdf", "Content-Transfer-Encoding: base64", "", "aGVsbG8=");
    expect(await parseMessage(message)).toMatchObject({ text: "", html: null, attachments: [{ n: 0, size: 5 }] });
  });
});
