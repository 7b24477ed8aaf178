/** Messages made to cost time or memory. Each has a bound that a quadratic step would miss by far. */
import { describe, expect, it } from "vitest";
import { parseMessage, readAttachment } from "./parse-message.ts";

const MB = 1024 * 1024;
const encoder = new TextEncoder();

/** As much of the unit as makes `size` bytes. */
function fill(unit: string, size: number): string {
  return unit.repeat(Math.ceil(size / unit.length));
}

function nested(depth: number): string {
  let text = "";
  for (let n = 0; n < depth; n++) text += `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`;
  return `${text}\nhello`;
}

function sharedPrefixes(): string {
  let text = "";
  for (let n = 0; n < 99; n++) {
    const boundary = "b".repeat(67) + n;
    text += `Content-Type: multipart/mixed; boundary=${boundary}\n\n--${boundary}\n`;
  }
  return `${text}\n${fill(`--${"b".repeat(70)}\n`, 5 * MB)}`;
}

const html = (unit: string) => `Content-Type: text/html\n\n${fill(unit, 5 * MB)}`;

describe("linear time is enough for", () => {
  it.each([
    ["10,000 multiparts in each other", nested(10_000)],
    ["10,000 messages in each other", `${fill("Content-Type: message/rfc822\n\n", 300_000)}hello`],
    ["100,000 header fields", `${fill("X-Field: value\n", 1_500_000)}\nhello`],
    ["100,000 To fields", `${fill("To: a@b.test\n", 1_300_000)}\nhello`],
    ["a subject of 1 MB", `Subject: ${fill("a", MB)}\n\nhello`],
    ["a header of 5 MB", `Subject: ${fill("a", 5 * MB)}\n\nhello`],
    ["a subject of 1 MB of folds", `Subject: a${fill("\n ", MB)}\n\nhello`],
    ["a subject of 1 MB of encoded-word beginnings", `Subject: ${fill("=?x?Q?", MB)}\n\nhello`],
    ["1 MB of recipients", `To: ${fill("a <b@c.d>, ", MB)}\n\nhello`],
    ["1 MB of group beginnings", `To: ${fill("a:", MB)}\n\nhello`],
    ["1 MB of open comments", `To: ${fill("(", MB)}\n\nhello`],
    ["1 MB of open brackets", `To: ${fill("<", MB)}\nReferences: ${fill("<", MB)}\n\nhello`],
    ["1 MB of encoded-words nobody knows", `To: ${fill("=?foo?B?YWFh?= ", MB)}\n\nhello`],
    ["1 MB of parameters", `Content-Type: text/plain; ${fill("a*0*=(;", MB)}\n\nhello`],
    ["1 MB of escapes", `Content-Type: text/plain; a="${fill('\\"', MB)}\n\nhello`],
    ["5 MB of lines like a boundary", `Content-Type: multipart/mixed; boundary=b\n\n--b\n\n${fill("--c\n", 5 * MB)}`],
    ["5 MB of boundaries", `Content-Type: multipart/mixed; boundary=b\n\n${fill("--b\n\n", 5 * MB)}`],
    ["99 boundaries that begin alike", sharedPrefixes()],
    ["10 MB of empty lines", `Subject: x\n\n${fill("\n", 10 * MB)}`],
    ["5 MB of soft line breaks", `Content-Transfer-Encoding: quoted-printable\n\n${fill("= ", 5 * MB)}`],
    ["5 MB of flowed quotes", `Content-Type: text/plain; format=flowed\n\n${fill("> \n>> \n", 5 * MB)}`],
    ["5 MB of open tags", html("<a ")],
    ["5 MB of open quotes", html("<a b='")],
    ["5 MB of open comments in HTML", html("<!--")],
    ["5 MB of open styles", html("<style>")],
    ["5 MB of elements in each other", html("<div>")],
    ["5 MB of character references", html("&amp")],
    ["5 MB of metas", html("<meta ")],
    ["5 MB of cid links", html("<img src='cid:x'>")],
  ])("%s", async (_what, source) => {
    const bytes = encoder.encode(source);
    const start = performance.now();
    const message = await parseMessage(bytes);
    const elapsed = performance.now() - start;
    // Ten times what was measured, for machines that are busy; quadratic steps take minutes.
    expect(elapsed).toBeLessThan(1500 + (200 * bytes.length) / MB);
    expect(message.text.length + message.attachments.length).toBeGreaterThan(0);
  });
});

it("parts beyond the limits are kept in the last one, with a note", async () => {
  const parts = Array.from({ length: 3000 }, (_, n) => `--b\nContent-Type: image/png\n\n${n}\n`).join("");
  const bytes = encoder.encode(`Content-Type: multipart/mixed; boundary=b\n\n${parts}--b--\n`);
  const message = await parseMessage(bytes);
  expect(message.attachments).toHaveLength(999);
  expect(message.parse_note).toContain("more than 1,000 parts");
  const last = await readAttachment(bytes, 998);
  expect(new TextDecoder().decode(last?.content)).toMatch(/^998\n--b\n[\s\S]*\n2999$/);
});

it("parts nested too deep are text, with a note", async () => {
  const message = await parseMessage(encoder.encode(nested(200)));
  expect(message.text).toMatch(/hello$/);
  expect(message.parse_note).toContain("nested too deep");
});

it("a header too large is read as far as it goes, and the body after it", async () => {
  const message = await parseMessage(encoder.encode(`Subject: x\n${fill("X-A: b\n", 3 * MB)}\nhello`));
  expect(message).toMatchObject({ subject: "x", text: "hello" });
  expect(message.parse_note).toContain("header is larger than 1 MiB");
});
