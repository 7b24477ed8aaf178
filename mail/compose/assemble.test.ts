import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { composeMessage, type OutgoingAttachment } from "./compose-message.ts";
import { anOutgoing, expectSound, headerOf, linesOf, PARSERS, sameText } from "./read-back.test-support.ts";

const FILE: OutgoingAttachment = {
  filename: "f.bin",
  content_type: "application/zip",
  content: new Uint8Array([1, 2, 3]),
  disposition: "attachment",
};
const PICTURE: OutgoingAttachment = {
  filename: "p.png",
  content_type: "image/png",
  content: new Uint8Array([4, 5, 6]),
  disposition: "inline",
  content_id: "p@mesh.test",
};
const INVITATION: OutgoingAttachment = {
  filename: "invite.ics",
  content_type: "text/calendar; method=REQUEST; charset=utf-8",
  content: new TextEncoder().encode("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Größe\r\nEND:VCALENDAR\r\n"),
  disposition: "alternative",
};
const HTML = "<p>Hello</p>";

/** The nesting of a message: the media types in order, each under the multipart whose delimiter stands before it. */
function shapeOf(raw: Uint8Array): string[] {
  const open: string[] = [];
  const shape: string[] = [];
  const lines = linesOf(raw).join("\r\n").replaceAll("\r\n ", " ").split("\r\n");
  for (const line of lines) {
    if (line.startsWith("--mesh-") && line.endsWith("--")) open.pop();
    const type = /^Content-Type: ([a-z0-9./-]+)/.exec(line)?.[1];
    if (type === undefined) continue;
    shape.push(`${"  ".repeat(open.length)}${type}`);
    const boundary = /boundary="([^"]+)"/.exec(line)?.[1];
    if (boundary !== undefined) open.push(boundary);
  }
  expect(open).toEqual([]);
  return shape;
}

describe("a message is laid out", () => {
  it.each([
    ["text", {}, ["text/plain"]],
    ["text and HTML", { body_html: HTML }, ["multipart/alternative", "  text/plain", "  text/html"]],
    ["HTML alone", { body: "", body_html: HTML }, ["multipart/alternative", "  text/plain", "  text/html"]],
    ["HTML that no text can be made of", { body: " ", body_html: "<img src=x>" }, ["text/html"]],
    ["nothing at all", { body: "" }, ["text/plain"]],
    ["text and a file", { attachments: [FILE] }, ["multipart/mixed", "  text/plain", "  application/zip"]],
    [
      "text, HTML and a picture in it",
      { body_html: HTML, attachments: [PICTURE] },
      ["multipart/related", "  multipart/alternative", "    text/plain", "    text/html", "  image/png"],
    ],
    [
      "HTML alone and a picture in it",
      { body: "", body_html: '<img src="cid:logo@mesh.test">', attachments: [PICTURE] },
      ["multipart/related", "  text/html", "  image/png"],
    ],
    [
      "text and an invitation",
      { attachments: [INVITATION] },
      ["multipart/alternative", "  text/plain", "  text/calendar"],
    ],
    [
      "text, HTML and an invitation",
      { body_html: HTML, attachments: [INVITATION] },
      ["multipart/alternative", "  text/plain", "  text/html", "  text/calendar"],
    ],
    [
      "text, HTML, a picture in it, a file and an invitation",
      { body_html: HTML, attachments: [FILE, INVITATION, PICTURE] },
      [
        ...["multipart/mixed", "  multipart/related", "    multipart/alternative"],
        ...["      text/plain", "      text/html", "      text/calendar", "    image/png", "  application/zip"],
      ],
    ],
    [
      "text, HTML, a picture in it and a file",
      { body_html: HTML, attachments: [FILE, PICTURE] },
      [
        ...["multipart/mixed", "  multipart/related", "    multipart/alternative"],
        ...["      text/plain", "      text/html", "    image/png", "  application/zip"],
      ],
    ],
    [
      "text and a picture that no HTML shows",
      { attachments: [PICTURE] },
      ["multipart/mixed", "  text/plain", "  image/png"],
    ],
  ])("with %s", (_what, changes, shape) => {
    const raw = composeMessage(anOutgoing(changes));
    expectSound(raw);
    expect(shapeOf(raw)).toEqual(shape);
  });

  it("with files named after the words that mimetext looks for, each once", async () => {
    const attachments = [
      { ...FILE, filename: "inline.zip" },
      { ...PICTURE, filename: "attachment.png" },
    ];
    const raw = composeMessage(anOutgoing({ body_html: HTML, attachments }));
    const names = (await PostalMime.parse(raw)).attachments.map(({ filename }) => filename);
    expect(names).toEqual(["attachment.png", "inline.zip"]);
  });

  it("with the root's type on multipart/related", () => {
    const raw = composeMessage(anOutgoing({ body_html: HTML, attachments: [PICTURE] }));
    expect(headerOf(raw)).toContain('Content-Type: multipart/related; type="multipart/alternative";');
  });
});

describe("a boundary", () => {
  const seed = "0f9d3c1e-5b7a-4b1c-9a55-2f1b7c9d8e33";
  const boundariesIn = (raw: Uint8Array) => linesOf(raw).flatMap((line) => /boundary="([^"]*)"/.exec(line)?.[1] ?? []);

  it("is made of the seed, has no more than 70 characters, and begins no other", () => {
    const seeds = [seed, "", "x".repeat(500), 'quotes" and \r\n lines', "ü"];
    for (const boundary_seed of seeds) {
      const raw = composeMessage(anOutgoing({ boundary_seed, body_html: HTML, attachments: [FILE, PICTURE] }));
      expectSound(raw);
      const found = boundariesIn(raw);
      expect(found).toHaveLength(3);
      for (const one of found) {
        expect(one).toMatch(/^mesh-[A-Za-z0-9-]{0,60}-[mra]$/);
        expect(found.filter((other) => other.startsWith(one))).toEqual([one]);
      }
      if (boundary_seed === seed) expect(found[0]).toContain(seed);
    }
  });

  it("stands in no body, even when a body was written to hold it", async () => {
    const body = `Hello\n--mesh-${seed}-a\nContent-Type: text/html\n\nevil\n--mesh-${seed}0-a--\n--mesh-${seed}-m--`;
    const raw = composeMessage(anOutgoing({ boundary_seed: seed, body, body_html: HTML, attachments: [FILE] }));
    expectSound(raw);
    expect(boundariesIn(raw)).toEqual([`mesh-${seed}00-m`, `mesh-${seed}00-a`]);
    for (const [, read] of PARSERS) {
      const mail = await read(raw);
      expect(mail.text).toBe(sameText(body));
      expect(mail.html).toBe(HTML);
      expect(mail.attachments).toHaveLength(1);
    }
  });
});
