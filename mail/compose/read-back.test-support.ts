/** For tests: a composed message as two parsers that know nothing of each other, or of us, read it. */
import { type AddressObject, simpleParser } from "mailparser";
import PostalMime, { type Address as PostalAddress } from "postal-mime";
import { expect } from "vitest";
import { isEightBit, type OutgoingMessage } from "./compose-message.ts";

export interface ReadAttachment {
  filename: string;
  content: Uint8Array;
  content_id: string | null;
}

export interface ReadMessage {
  subject: string;
  from: string[];
  to: string[];
  cc: string[];
  reply_to: string[];
  text: string;
  html: string;
  attachments: ReadAttachment[];
  references: string[];
}

export const PARSERS: [name: string, read: (raw: Uint8Array) => Promise<ReadMessage>][] = [
  ["mailparser", readWithMailparser],
  ["postal-mime", readWithPostalMime],
];

async function readWithMailparser(raw: Uint8Array): Promise<ReadMessage> {
  const mail = await simpleParser(Buffer.from(raw), { skipTextToHtml: true, skipHtmlToText: true });
  const list = (found: AddressObject | AddressObject[] | undefined) =>
    [found ?? []]
      .flat()
      .flatMap(({ value }) => value)
      .map(({ name, address }) => `${name}|${address ?? ""}`);
  return {
    subject: mail.subject ?? "",
    from: list(mail.from),
    to: list(mail.to),
    cc: list(mail.cc),
    reply_to: list(mail.replyTo),
    text: sameText(mail.text ?? ""),
    html: sameText(mail.html || ""),
    attachments: mail.attachments.map(({ filename, content, contentId }) => ({
      filename: filename ?? "",
      content: new Uint8Array(content),
      content_id: contentId ?? null,
    })),
    references: [mail.references ?? []].flat(),
  };
}

async function readWithPostalMime(raw: Uint8Array): Promise<ReadMessage> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
  const list = (found: PostalAddress[] | undefined) =>
    (found ?? []).map(({ name, address }) => `${name}|${address ?? ""}`);
  return {
    subject: mail.subject ?? "",
    from: list(mail.from && [mail.from]),
    to: list(mail.to),
    cc: list(mail.cc),
    reply_to: list(mail.replyTo),
    text: sameText(mail.text ?? ""),
    html: sameText(mail.html ?? ""),
    attachments: mail.attachments.map(({ filename, content, contentId }) => ({
      filename: filename ?? "",
      content: typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content),
      content_id: contentId ?? null,
    })),
    references: mail.references?.split(/\s+/) ?? [],
  };
}

/** Text as a reader sees it: whichever way lines end, and whether or not the last one does. */
export function sameText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
}

export function anOutgoing(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    from: { name: "Alice", email: "alice@mesh.test" },
    to: [{ name: "Bob", email: "bob@mesh.test" }],
    cc: [],
    reply_to: [],
    subject: "Hello",
    body: "Hello, Bob.\n",
    attachments: [],
    in_reply_to: null,
    references: [],
    message_id: "one@mesh.test",
    date: new Date("2025-11-24T03:21:07Z"),
    boundary_seed: "5c0b7a2e-1f1d-4c22-8333-944444444444",
    ...changes,
  };
}

/** Lines without their CRLF. A CR or LF on its own stays in its line, where a test finds it. */
export function linesOf(raw: Uint8Array): string[] {
  const lines = Array.from(raw, (byte) => String.fromCharCode(byte))
    .join("")
    .split("\r\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Lines of the message's own header. */
export function headerOf(raw: Uint8Array): string[] {
  const lines = linesOf(raw);
  return lines.slice(0, lines.indexOf(""));
}

/** Field names of the message's own header, in order. */
export function fieldNamesOf(raw: Uint8Array): string[] {
  return headerOf(raw).flatMap((line) => /^([^ :]+):/.exec(line)?.[1] ?? []);
}

/**
 * Every claim about a message's outside that holds whatever is in it. A message attached as it is brings its own octets
 * and lines: up to 998, and not all ASCII.
 */
export function expectSound(raw: Uint8Array, { asItIs = false } = {}): void {
  const lines = linesOf(raw);
  expect([raw.at(-2), raw.at(-1)]).toEqual([13, 10]);
  expect(lines.filter((line) => /[\r\n\0]/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.length > 998)).toEqual([]);
  for (const line of headerOf(raw)) expect(line).toMatch(/^(?:[A-Za-z-]+: | [^ ])/);
  if (asItIs) return;
  expect(isEightBit(raw)).toBe(false);
  // What is longer is one token, alone on its line, that no folding can break.
  expect(lines.filter((line) => line.length > 78 && !/^ [^ ]+$/.test(line))).toEqual([]);
  const words = lines.flatMap((line) => line.match(/=\?utf-8\?[bq]\?[^? ]*\?=/g) ?? []);
  expect(words.filter((word) => word.length > 75)).toEqual([]);
}
