/** A delivery that comes again is recognised, and only that. What a crash makes come again is in durability.test.ts. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Delivery, Letter } from "../../durable-objects/mailbox/letter.ts";
import type { MailboxObject } from "../../durable-objects/mailbox/mailbox-object.ts";
import { fingerprintOf } from "../../mail/fingerprint.ts";
import { readContent } from "../../workers/storage/read-content.ts";
import { storedBytes } from "./faults.ts";
import { type Account, aDomain, aLetter, anAccount, ingest, lines } from "./mesh.ts";

const ZOE = "zoe@far.example";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

const RETRACED = [
  "Received: from a by b; Tue, 24 Nov 2026 05:00:00 +0000\r\n",
  "Received: from a\r\n\tby b\r\n with ESMTPS;\r\n\tTue, 24 Nov 2026 05:00:00 +0000\r\nReceived: by c\r\n",
  "Return-Path: <bounces+1234@far.example>\r\n",
  "Delivered-To: alice@elsewhere.example\r\n",
  "Authentication-Results: mx.example; spf=pass\r\n",
  "ARC-Seal: i=1; a=rsa-sha256; b=abc\r\nARC-Message-Signature: i=1\r\nARC-Authentication-Results: i=1; mx.example\r\n",
  "DKIM-Signature: v=1; a=rsa-sha256; d=far.example; s=new;\r\n\tbh=abc; b=def\r\nDKIM-Signature: v=1; b=x\r\n",
  "RECEIVED: from a by b\r\nreturn-path: <>\r\n",
];

describe("the same message again", () => {
  it.each(RETRACED)("is one copy, with its bytes kept once, behind %j", async (trace) => {
    const alice = await anAccount();
    const letter = aLetter();
    await ingest(ZOE, alice.email, letter);
    const before = await storedBytes(alice);
    await ingest(ZOE, alice.email, trace + letter);
    expect(await alice.messages()).toHaveLength(1);
    expect(before).toHaveLength(1);
    expect(await storedBytes(alice)).toEqual(before);
  });

  it("to another address of the account is the copy that is there, which then lists both", async () => {
    const alice = await anAccount();
    const tagged = alice.email.replace("@", "+list@");
    const letter = aLetter();
    await ingest(ZOE, alice.email, letter);
    await ingest("list@far.example", tagged, letter);
    const [message, ...others] = await alice.messages();
    expect(others).toEqual([]);
    expect(await alice.open(message?.id ?? "")).toMatchObject({
      delivered_to: [alice.email, tagged],
      return_path: ZOE,
    });
  });

  it("does not come back after it was deleted", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await ingest(ZOE, alice.email, letter);
    const [message] = await alice.messages();
    await alice.call("DELETE", `/messages/${message?.id}`);
    await alice.call("DELETE", `/messages/${message?.id}`);
    await ingest(ZOE, alice.email, letter);
    expect(await alice.messages()).toEqual([]);
    expect(await alice.messages("trash")).toEqual([]);
  });

  it("is in each of two mailboxes", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const letter = aLetter();
    await ingest(ZOE, [alice.email, bob.email], letter);
    await ingest(ZOE, bob.email, letter);
    expect([await alice.messages(), await bob.messages()].map(({ length }) => length)).toEqual([1, 1]);
  });

  it("in ten deliveries at once is one copy", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await Promise.all(Array.from({ length: 10 }, (_, n) => ingest(ZOE, alice.email, `Received: by ${n}\r\n${letter}`)));
    expect(await alice.messages()).toHaveLength(1);
    expect(await storedBytes(alice)).toHaveLength(1);
  });
});

describe("another message", () => {
  it("is a second one, although it has the same Message-ID", async () => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter({ id: "same@far.example", body: "First." }));
    await ingest(ZOE, alice.email, aLetter({ id: "same@far.example", body: "Second." }));
    await ingest(ZOE, alice.email, aLetter({ id: "same@far.example", body: "Second.", subject: "Another subject" }));
    expect(await alice.messages()).toHaveLength(3);
  });

  it("is not taken for a repeat because of a trace field's name in its body or in a longer name", async () => {
    const alice = await anAccount();
    const letter = (text: string) => aLetter({ id: "same@far.example", body: text });
    await ingest(ZOE, alice.email, letter("Received: one"));
    await ingest(ZOE, alice.email, letter("Received: two"));
    await ingest(ZOE, alice.email, `Received-SPF: pass\r\n${letter("Received: two")}`);
    expect(await alice.messages()).toHaveLength(3);
  });
});

describe("how long a repeat is one", () => {
  /** Delivers the same bytes at these moments, in milliseconds from now. */
  async function deliverAt(
    alice: Account,
    raw: string,
    window: number,
    moments: number[],
  ): Promise<Delivery["outcome"][]> {
    const bytes = bytesOf(raw);
    const content = await readContent(bytes);
    const { hash } = fingerprintOf(bytes);
    const now = Date.now();
    const letters = moments.map((moment, n): Letter => {
      const envelope = { return_path: ZOE, delivered_to: [alice.email], received_at: now + moment };
      const stored = { raw_key: `raw/${alice.user_id}/${n}-${hash}`, added_fields: "", size: bytes.byteLength };
      return { ...stored, ...envelope, content, fingerprint: hash, repeat_window: window };
    });
    return runInDurableObject(alice.stub, (mailbox: MailboxObject) =>
      letters.map((letter) => mailbox.deliver(letter).outcome),
    );
  }

  it("is seven days, from the first delivery", async () => {
    const alice = await anAccount();
    const outcomes = await deliverAt(alice, aLetter(), 7 * DAY, [0, 3 * DAY, 7 * DAY, 7 * DAY + 1, 10 * DAY]);
    expect(outcomes).toEqual(["delivered", "repeat", "repeat", "delivered", "repeat"]);
  });

  it("is ten minutes for a message with neither Message-ID nor Date: equal reports are sent on purpose", async () => {
    const alice = await anAccount();
    const report = lines("From: cron@far.example", "Subject: Backup done", "", "No errors.");
    expect(fingerprintOf(bytesOf(report)).has_identity).toBe(false);
    const outcomes = await deliverAt(alice, report, 10 * MINUTE, [0, 10 * MINUTE, 10 * MINUTE + 1, 20 * MINUTE]);
    expect(outcomes).toEqual(["delivered", "repeat", "delivered", "repeat"]);
    // The same at the door.
    await ingest(ZOE, alice.email, report.replace("No", "Few"));
    await ingest(ZOE, alice.email, report.replace("No", "Few"));
    expect(await alice.messages()).toHaveLength(3);
  });

  it("holds for a letter that waited, and is put where it arrived", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    expect(await deliverAt(alice, letter, 7 * DAY, [-2 * DAY, -3 * DAY, 0])).toEqual(["delivered", "repeat", "repeat"]);
    const [message] = await alice.messages();
    expect(Date.now() - Date.parse(message?.received_at ?? "")).toBeGreaterThan(2 * DAY - MINUTE);
  });

  it("is forgotten afterwards, so that the list does not grow for ever", async () => {
    const alice = await anAccount();
    await deliverAt(alice, aLetter(), 7 * DAY, [-8 * DAY]);
    await deliverAt(alice, aLetter(), 7 * DAY, [-6 * DAY]);
    for (const { id } of await alice.messages()) {
      for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${id}`);
    }
    const remembered = () =>
      runInDurableObject(alice.stub, async (mailbox: MailboxObject, { storage }) => {
        await mailbox.alarm();
        return storage.sql.exec("SELECT hash FROM fingerprint").toArray().length;
      });
    expect(await remembered()).toBe(1);
  });
});

describe("a message to oneself", () => {
  it("is in Sent and in the inbox", async () => {
    const alice = await anAccount();
    await alice.call("POST", "/messages", { to: [{ email: alice.email }], subject: "Note to self" });
    await expect.poll(async () => (await alice.messages()).length).toBe(1);
    expect(await alice.messages("sent")).toHaveLength(1);
    expect((await env.MAIL.list({ prefix: `raw/${alice.user_id}/` })).objects).toHaveLength(2);
  });
});
