import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MAX_LISTED_RECIPIENTS } from "../../contract/limits.ts";
import type { Message } from "../../contract/messages.ts";
import { problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function received(account: Account, raw: string | Uint8Array): Promise<Message> {
  await ingest("zoe@far.example", account.email, raw);
  const [newest] = await account.messages();
  return account.open(newest?.id ?? "");
}

async function bytesOf(answer: Response | Promise<Response>): Promise<Uint8Array> {
  return new Uint8Array(await (await answer).arrayBuffer());
}

/** Bytes one above another, compared without printing millions of them. */
async function digest(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

/** Random text: nothing compresses it below three quarters. */
function noise(length: number): string {
  let text = "";
  while (text.length < length) {
    text += `${Buffer.from(crypto.getRandomValues(new Uint8Array(54))).toString("base64")}\r\n`;
  }
  return text;
}

describe("a message's raw bytes", () => {
  it("are those that came, after the trace fields of this mesh", async () => {
    const alice = await aCheckedAccount();
    const eightBit = new Uint8Array([
      ...encode(lines("Subject: =?utf-8?q?caf=C3=A9?=", "From: z@far.example", "", "")),
      0xe9,
      0xff,
      0,
      0x80,
      0x0d,
      0x0a,
    ]);
    for (const raw of [
      encode(aLetter()),
      encode("Subject: no body"),
      encode("\r\nno header"),
      eightBit,
      encode("bare\nline\nfeeds\r"),
    ]) {
      const { id, size } = await received(alice, raw);
      const answer = await alice.call("GET", `/messages/${id}/raw`);
      expect(answer.headers.get("content-type")).toBe("message/rfc822");
      const bytes = await bytesOf(answer);
      expect(bytes.byteLength).toBe(size);
      expect(bytes.slice(-raw.byteLength)).toEqual(raw);
      const trace = new TextDecoder().decode(bytes.slice(0, -raw.byteLength));
      expect(trace).toMatch(/^Return-Path: <zoe@far\.example>\r\n/);
      expect(trace).toMatch(/\r\nReceived: /);
      expect(trace).toMatch(/[^\r\n]\r\n$/);
    }
  });

  it("are not run, guessed at or shown by a browser", async () => {
    const alice = await aCheckedAccount();
    const { id } = await received(
      alice,
      aLetter({ extra: lines("Content-Type: text/html"), body: "<script>alert(1)</script>" }),
    );
    const { headers } = await alice.call("GET", `/messages/${id}/raw`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-disposition")).toMatch(/^attachment/);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("cache-control")).toContain("private");
    expect((await alice.call("HEAD", `/messages/${id}/raw`)).status).toBe(200);
  });

  it("are of a message as large as the mesh takes", async () => {
    const alice = await aCheckedAccount();
    const raw = encode(aLetter({ body: "x".repeat(70).concat("\r\n").repeat(340_000) }));
    expect(raw.byteLength).toBeGreaterThan(24_000_000);
    const { id, size } = await received(alice, raw);
    const bytes = await bytesOf(alice.call("GET", `/messages/${id}/raw`));
    expect(bytes.byteLength).toBe(size);
    expect(await digest(bytes.slice(-raw.byteLength))).toBe(await digest(raw));
  });
});

describe("an opened message", () => {
  it("has all that its header says, and null for what it does not say", async () => {
    const alice = await aCheckedAccount();
    const extra = lines(
      "Cc: c@far.example, Dee <d@far.example>",
      "Reply-To: r@far.example",
      "In-Reply-To: <p@x>",
      "References: <o@x> <p@x>",
    );
    expect(await received(alice, aLetter({ extra, to: alice.email, id: "m@far.example" }))).toMatchObject({
      to: [{ name: "", email: alice.email }],
      cc: [
        { name: "", email: "c@far.example" },
        { name: "Dee", email: "d@far.example" },
      ],
      bcc: [],
      reply_to: [{ name: "", email: "r@far.example" }],
      sent_at: "2026-11-24T03:00:00.000Z",
      headers: { message_id: "m@far.example", in_reply_to: "p@x", references: ["o@x", "p@x"] },
      return_path: "zoe@far.example",
      delivered_to: [alice.email],
      submission_id: null,
      authentication: null,
      parse_note: null,
      body_html: null,
    });
    expect(await received(alice, "\r\n")).toMatchObject({
      ...{ from: null, to: [], subject: "", sent_at: null, body: "" },
      headers: { message_id: null, in_reply_to: null, references: [] },
    });
  });

  it("has its text in the charset it was written in", async () => {
    const alice = await aCheckedAccount();
    const letter = (charset: string, bytes: number[]) =>
      new Uint8Array([
        ...encode(
          lines(
            "From: z@far.example",
            `Content-Type: text/plain; charset=${charset}`,
            "Content-Transfer-Encoding: 8bit",
            "",
          ),
        ),
        ...bytes,
      ]);
    const written: [string, number[], string][] = [
      ["iso-8859-1", [0x63, 0x61, 0x66, 0xe9], "café"],
      ["utf-8", [0xe6, 0x97, 0xa5], "日"],
      ["koi8-r", [0xcd, 0xc9, 0xd2], "мир"],
      ["shift_jis", [0x93, 0xfa, 0x96, 0x7b], "日本"],
      ["gb18030", [0xc4, 0xe3, 0xba, 0xc3], "你好"],
    ];
    for (const [charset, bytes, text] of written) {
      const message = await received(alice, letter(charset, bytes));
      expect(`${charset}: ${message.body.trim()} ${message.preview}`).toBe(`${charset}: ${text} ${text}`);
    }
  });

  it("opens although its body is too large for a row, and is still found in lists and threads", async () => {
    const alice = await aCheckedAccount();
    const text = noise(5_000_000);
    const message = await received(alice, aLetter({ subject: "Noise", body: text }));
    // The text that is shown has a limit of its own, and the note says so.
    expect(message.body.length).toBeGreaterThan(1_000_000);
    expect(text.replaceAll("\r\n", "\n").startsWith(message.body.replaceAll("\r\n", "\n").slice(0, 900_000))).toBe(
      true,
    );
    expect(message.parse_note).toContain("too long");
    expect(message.size).toBeGreaterThan(5_000_000);
    expect((await alice.call("GET", `/threads/${message.thread_id}`)).status).toBe(200);
  });

  it("opens whatever a sender puts into a header", async () => {
    const alice = await aCheckedAccount();
    const many = Array.from({ length: 40_000 }, (_, n) => `p${n}@far.example`).join(",\r\n ");
    const hostile = [
      lines(`To: ${many}`, `Cc: ${many}`),
      lines(`Subject: ${"long ".repeat(180_000)}`),
      lines(`References: ${Array.from({ length: 30_000 }, (_, n) => `<r${n}@x>`).join("\r\n ")}`),
      lines("Date: Fri, 99 Foo 99999 99:99:99 +9999", "Message-ID: <>", "From: <<<>>>,,,;:"),
      lines("Date: Mon, 01 Jan 0000 00:00:00 +0000"),
      lines("Date: Mon, 31 Dec 9999 23:59:59 -2359"),
      lines("From: \u0000\u0001 <\u0000@\u0000>", "Subject: =?utf-8?b?AAAA7aCA?= =?x?q?=ED=A0=80?="),
      lines("X: y").repeat(5_000),
    ];
    for (const header of hostile) {
      const { id } = await received(alice, `${header}From: z@far.example\r\n\r\nbody`);
      expect((await alice.call("GET", `/messages/${id}`)).status).toBe(200);
    }
    expect(await alice.messages()).toHaveLength(hostile.length);
  });

  it("shows a mailing's recipients all, and the first of them in a list", async () => {
    const alice = await aCheckedAccount();
    const to = Array.from({ length: 1000 }, (_, n) => `p${n}@far.example`);
    const message = await received(alice, aLetter({ to: to.join(",\r\n ") }));
    expect(message.to.map(({ email }) => email)).toEqual(to);
    const [summary] = await alice.messages();
    expect(summary?.to.map(({ email }) => email)).toEqual(to.slice(0, MAX_LISTED_RECIPIENTS));
  });

  it("whose stored body was dropped is read from its bytes again", async () => {
    const alice = await aCheckedAccount();
    const message = await received(alice, aLetter({ body: "Kept in R2." }));
    await runInDurableObject(alice.stub, (_mailbox, { storage }) => {
      storage.sql.exec("DELETE FROM body");
    });
    expect(await alice.open(message.id)).toEqual(message);
  });

  it("that does not exist is not found, in whatever way it is asked for", async () => {
    const alice = await aCheckedAccount();
    for (const id of ["00000000000", "zzzzzzzzzzz", "x", "batch", "%00", "..%2f..", "1"]) {
      for (const path of ["", "/raw", "/attachments/0"]) {
        expect(await problemAt(alice.call("GET", `/messages/${id}${path}`))).toBe("not_found");
      }
    }
  });
});
