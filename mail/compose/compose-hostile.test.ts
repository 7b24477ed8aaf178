/** What a message cannot be made to do, and how long it takes to say so. */
import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { composeMessage, needsSmtpUtf8, type OutgoingMessage } from "./compose-message.ts";
import { MAX_REFERENCES_OCTETS } from "./message-ids.ts";
import { anOutgoing, expectSound, fieldNamesOf, linesOf, PARSERS } from "./read-back.test-support.ts";

const FULL: Partial<OutgoingMessage> = {
  cc: [{ name: "Carol", email: "carol@mesh.test" }],
  reply_to: [{ name: "Dave", email: "dave@mesh.test" }],
  body_html: "<p>Hello</p>",
  attachments: [
    { filename: "a.txt", content_type: "text/plain", content: new Uint8Array(3), disposition: "attachment" },
    {
      filename: "b.png",
      content_type: "image/png",
      content: new Uint8Array(3),
      disposition: "inline",
      content_id: "b@x",
    },
  ],
  in_reply_to: "<parent@mesh.test>",
  references: ["<first@mesh.test>"],
};

const FIELDS = [
  ...["Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References"],
  ...["MIME-Version", "Content-Type"],
];

const INJECTIONS = [
  "x\r\nBcc: victim@example.com",
  "x\nBcc: victim@example.com",
  "x\rBcc: victim@example.com",
  "x\r\n\r\n<script>alert(1)</script>",
  "x\u0000\r\n.\r\nMAIL FROM:<evil@example.com>",
  "x\u2028Bcc: victim@example.com",
  "x\u0085Bcc: victim@example.com",
  'x"; filename="evil.exe',
  "x\r\n--mesh-5c0b7a2e-1f1d-4c22-8333-944444444444-m\r\nContent-Type: text/html\r\n\r\nevil",
  "x>, <victim@example.com",
  "x\u00000\u0000",
  "\ud800 lone \udfff surrogates",
  "x".repeat(3000),
];

/** The same message with one hostile text in every place that a person can write to. */
function withEverywhere(text: string): OutgoingMessage {
  const address = { name: text, email: `${text}@mesh.test` };
  return anOutgoing({
    ...FULL,
    from: address,
    to: [address, { name: "Bob", email: text }],
    cc: [{ name: text, email: `a@${text}` }],
    reply_to: [{ name: text, email: `"${text}"@mesh.test` }],
    subject: text,
    body: text,
    body_html: `<p>${text}</p>`,
    in_reply_to: `<parent${text}@mesh.test>`,
    references: ["<first@mesh.test>", text, `<${text}>`],
    attachments: [
      { filename: text, content_type: text, content: new Uint8Array(3), disposition: "attachment" },
      {
        filename: text,
        content_type: `text/plain; x="${text}"; y=${text}`,
        content: new Uint8Array(3),
        disposition: "inline",
      },
      {
        filename: "b.png",
        content_type: "image/png",
        content: new Uint8Array(3),
        disposition: "inline",
        content_id: text,
      },
    ],
  });
}

async function expectHarmless(text: string): Promise<void> {
  const message = withEverywhere(text);
  const raw = composeMessage(message);
  expectSound(raw, { asItIs: needsSmtpUtf8(message) });
  expect(fieldNamesOf(raw).filter((name) => name !== "In-Reply-To")).toEqual(
    FIELDS.filter((name) => name !== "In-Reply-To"),
  );
  expect((await PostalMime.parse(raw)).bcc).toBeUndefined();
  for (const [, read] of PARSERS) {
    const mail = await read(raw);
    expect(mail.to).toHaveLength(2);
    expect([mail.from, mail.cc, mail.reply_to].map((list) => list.length)).toEqual([1, 1, 1]);
    expect(mail.attachments).toHaveLength(3);
  }
}

describe("a message", () => {
  it.each(INJECTIONS)("takes %j for text, wherever it stands", expectHarmless);

  it("takes anything made of dangerous pieces for text", async () => {
    const piece = fc.constantFrom(
      ...["\r\n", "\r", "\n", "\0", '"', "\\", "<", ">", ",", ";", ":", "@", "(", ")", "=?utf-8?q?", "?=", " ", "\t"],
      ...[
        "Bcc: a@b.c",
        "--mesh-5c0b7a2e-1f1d-4c22-8333-944444444444-m",
        "ü",
        "😀",
        "a",
        ".",
        "From ",
        "[",
        "%",
        "*0*=",
      ],
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    await fc.assert(fc.asyncProperty(text, expectHarmless), { numRuns: 400, seed: 2822 });
  });

  it("has no more fields than it needs", () => {
    expect(fieldNamesOf(composeMessage(anOutgoing(FULL)))).toEqual(FIELDS);
    expect(fieldNamesOf(composeMessage(anOutgoing()))).toEqual([
      "Date",
      "From",
      "To",
      "Subject",
      "Message-ID",
      "MIME-Version",
      "Content-Type",
      "Content-Transfer-Encoding",
    ]);
  });

  it("is the same octets for the same input", () => {
    expect(composeMessage(anOutgoing(FULL))).toEqual(composeMessage(anOutgoing(FULL)));
  });

  it("refuses a message id and a date that are none", () => {
    expect(() => composeMessage(anOutgoing({ message_id: "" }))).toThrow(RangeError);
    expect(() => composeMessage(anOutgoing({ message_id: "a b@mesh.test" }))).toThrow(RangeError);
    expect(() => composeMessage(anOutgoing({ date: new Date(Number.NaN) }))).toThrow(RangeError);
  });

  it("keeps the first reference and as many of the last ones as every transport carries", () => {
    const references = Array.from({ length: 5000 }, (_, n) => `<${n}@mesh.test>`);
    const raw = composeMessage(anOutgoing({ references }));
    const ids =
      linesOf(raw)
        .join("")
        .match(/<\d+@mesh\.test>/g) ?? [];
    const kept = ids.length - 1;
    expect(ids).toEqual([references[0], ...references.slice(-kept)]);
    expect(ids.join(" ").length).toBeLessThanOrEqual(MAX_REFERENCES_OCTETS);
    expect([...ids, references.at(-1 - kept)].join(" ").length).toBeGreaterThan(MAX_REFERENCES_OCTETS);
  });
});

/** Many times what was measured, for machines that are busy: quadratic steps take minutes. */
const SOON = 20_000;

describe("in time", () => {
  function milliseconds(message: OutgoingMessage): number {
    const start = performance.now();
    composeMessage(message);
    return performance.now() - start;
  }

  const bytes = new Uint8Array(3_000_000).map((_, n) => (n * 31) >> 3);

  it("composes 3 MB of attachment, whose octets come back", { timeout: 60_000 }, async () => {
    const attachments = [
      { filename: "big.bin", content_type: "application/zip", content: bytes, disposition: "attachment" as const },
    ];
    expect(milliseconds(anOutgoing({ attachments }))).toBeLessThan(SOON);
    const raw = composeMessage(anOutgoing({ attachments }));
    expectSound(raw);
    for (const [, read] of PARSERS) {
      const [attachment] = (await read(raw)).attachments;
      expect(Buffer.compare(attachment?.content ?? new Uint8Array(), bytes)).toBe(0);
    }
  });

  it.each([
    ["ASCII on one line", "x".repeat(2_000_000)],
    ["line ends", "\n".repeat(500_000)],
    ["carriage returns", "\r".repeat(500_000)],
    ["spaces", " ".repeat(1_000_000)],
    ["emoji", "😀".repeat(300_000)],
    ["delimiters", "--mesh-5c0b7a2e-1f1d-4c22-8333-944444444444-m\n".repeat(20_000)],
  ])("composes long text of %s", (_what, text) => {
    expect(milliseconds(anOutgoing({ body: text, body_html: text }))).toBeLessThan(SOON);
  });

  it.each([
    ["quotes", '"'.repeat(200_000)],
    ["backslashes", "\\".repeat(200_000)],
    ["spaces", " ".repeat(200_000)],
    ["emoji", "😀".repeat(50_000)],
    ["semicolons", ';a="'.repeat(50_000)],
    ["brackets", "<".repeat(200_000)],
  ])("composes headers of %s", (_what, text) => {
    expect(milliseconds(withEverywhere(text))).toBeLessThan(SOON);
  });
});
