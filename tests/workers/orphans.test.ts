/** Nothing stays in R2 for ever when nothing refers to it, and nothing is deleted while something does. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MessageSummary } from "../../contract/messages.ts";
import { blobKey, rawKey } from "../../contract/r2-keys.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { storeRaw } from "../../workers/storage/raw-messages.ts";
import { ok } from "./api-answers.ts";
import { breaks, loses, storedBytes, waitingNotes, whenKey, withFaults } from "./faults.ts";
import { type Account, aLetter, anAccount, ingest } from "./mesh.ts";

const ZOE = "zoe@far.example";
const HOUR = 3_600_000;
const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

afterEach(() => {
  vi.useRealTimers();
});

/** As the alarm does it, so many hours from now: once to find, once more to delete. */
async function alarmAfter(hours: number, stub: Parameters<typeof runDurableObjectAlarm>[0]): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * HOUR });
  await runDurableObjectAlarm(stub);
  await runDurableObjectAlarm(stub);
  vi.useRealTimers();
}

/** The bytes are stored, and then the process ends. */
async function crashAfterStoring(account: Account, raw: string): Promise<void> {
  const faulty = withFaults({ MAILBOX: { deliver: breaks }, MAIL: { put: whenKey("waiting/", breaks) } });
  const envelope = { mail_from: ZOE, rcpt_to: [account.email] };
  await expect(acceptMail(faulty, envelope, bytesOf(raw), {})).rejects.toThrow("injected");
}

describe("bytes that a crash left behind", () => {
  it("are found a day later and deleted", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await crashAfterStoring(alice, letter);
    await ingest(ZOE, alice.email, letter);
    expect(await storedBytes(alice)).toHaveLength(2);
    await alarmAfter(25, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
    const [message] = await alice.messages();
    expect((await alice.call("GET", `/messages/${message?.id}/raw`)).status).toBe(200);
  });

  it("are left alone as long as they may be on their way", async () => {
    const alice = await anAccount();
    await crashAfterStoring(alice, aLetter());
    await alarmAfter(1, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
  });

  it("are told from what is referred to: messages, drafts, what is scheduled, what waits", async () => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter());
    const draft = await ok(alice.call("POST", "/drafts", { subject: "One" }), MessageSummary, 201);
    const send_at = new Date(Date.now() + 300 * HOUR).toISOString();
    await alice.call("POST", "/messages", { to: [{ email: ZOE }], subject: "Scheduled", send_at });
    const [sent] = await alice.messages("sent");
    // A scheduled message that is deleted still has to leave.
    for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${sent?.id}`);
    await acceptMail(
      withFaults({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }),
      { mail_from: ZOE, rcpt_to: [alice.email] },
      bytesOf(aLetter()),
      {},
    );
    expect(await waitingNotes(alice)).toHaveLength(1);
    // A draft that was written over a week ago and is replaced today: old id, new bytes.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 100 * HOUR });
    await alice.call("PUT", `/drafts/${draft.id}`, { subject: "Two" });
    vi.useRealTimers();
    const before = await storedBytes(alice);
    await alarmAfter(150, alice.stub);
    const after = await storedBytes(alice);
    expect(before.filter((key) => !after.includes(key))).toHaveLength(1); // the draft's first bytes
    expect(after).toHaveLength(4);
  });

  it("are found among many", async () => {
    const alice = await anAccount();
    const orphan = rawKey(alice.user_id, "0aaaaaaaa-0000000000");
    await env.MAIL.put(orphan, "x");
    for (let n = 0; n < 20; n++) await ingest(ZOE, alice.email, aLetter());
    await env.MAIL.put(rawKey(alice.user_id, "zzzzzzzzz-0000000000"), "x");
    await env.MAIL.put(rawKey(alice.user_id, "not a name of ours"), "x");
    await alarmAfter(25, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(20);
  });
});

describe("a reference that a crash left behind", () => {
  const large = () => aLetter({ body: `${crypto.randomUUID()}${"x".repeat(200_000)}` });

  it("is dropped a day later, and the bytes with the last one", async () => {
    const alice = await anAccount();
    const letter = large();
    await crashAfterStoring(alice, letter);
    const hash = await sha256Hex(bytesOf(letter));
    const blob = env.BLOB.getByName(hash);
    expect(await blob.references()).toBe(1);
    await alarmAfter(1, blob);
    expect(await blob.references()).toBe(1);
    await alarmAfter(25, blob);
    expect(await blob.references()).toBe(0);
    expect(await env.MAIL.head(blobKey(hash))).toBeNull();
  });

  it("is told from those that a mailbox has", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const letter = large();
    await crashAfterStoring(alice, letter);
    await ingest(ZOE, [alice.email, bob.email], letter);
    const hash = await sha256Hex(bytesOf(letter));
    const blob = env.BLOB.getByName(hash);
    expect(await blob.references()).toBe(3);
    await alarmAfter(25, blob);
    expect(await blob.references()).toBe(2);
    for (const account of [alice, bob]) {
      const [message] = await account.messages();
      expect((await account.call("GET", `/messages/${message?.id}/raw`)).status).toBe(200);
    }
    await alarmAfter(50, blob);
    expect(await blob.references()).toBe(2);
  });

  it("stays while its mailbox does not say", async () => {
    const alice = await anAccount();
    const letter = large();
    await ingest(ZOE, alice.email, letter);
    const blob = env.BLOB.getByName(await sha256Hex(bytesOf(letter)));
    const { MAILBOX } = env;
    env.MAILBOX = withFaults({ MAILBOX: { holds: breaks } }).MAILBOX;
    await alarmAfter(25, blob).finally(() => (env.MAILBOX = MAILBOX));
    expect(await blob.references()).toBe(1);
    await alarmAfter(27, blob);
    expect(await blob.references()).toBe(1);
  });

  it("of a mailbox that was never made goes", async () => {
    const raw = bytesOf(large());
    await storeRaw(env, "u0000000000000000", raw, Date.now());
    const blob = env.BLOB.getByName(await sha256Hex(raw));
    await alarmAfter(25, blob);
    expect(await blob.references()).toBe(0);
  });

  it("of many is found in moments, not forty an hour", async () => {
    const bytes = bytesOf(crypto.randomUUID());
    const hash = await sha256Hex(bytes);
    const holders = Array.from({ length: 100 }, (_, n) => ({ user_id: `u${n}`, reference: "0aaaaaaaa-0.split" }));
    const blob = env.BLOB.getByName(hash);
    await blob.refer(holders, hash, bytes);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * HOUR });
    for (const left of [60, 20]) {
      await runDurableObjectAlarm(blob);
      expect(await blob.references()).toBe(left);
      const alarm = await runInDurableObject(blob, (_object, { storage }) => storage.getAlarm());
      expect(alarm).toBeLessThan(Date.now() + 2_000);
    }
    await runDurableObjectAlarm(blob);
    expect([await blob.references(), await env.MAIL.head(blobKey(hash))]).toEqual([0, null]);
  });
});
