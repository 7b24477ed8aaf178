/** Large messages are stored once for all who have them, and deleted with the last of them. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blobKey, parseRawLocation } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { discardRaw, readRaw, storeRaw } from "../../workers/storage/raw-messages.ts";
import { short } from "./answers.ts";
import { breaks, losesAnswer, withFaults } from "./faults.ts";
import { type Account, aDomain, aLetter, anAccount, ingest } from "./mesh.ts";

const large = (body = crypto.randomUUID()) =>
  new Uint8Array(new TextEncoder().encode(aLetter({ body: `${body}${"x".repeat(1_000_000)}` })));

async function destroy(account: Account): Promise<void> {
  const [message] = await account.messages();
  for (let n = 0; n < 2; n++) expect((await account.call("DELETE", `/messages/${message?.id}`)).status).toBe(204);
  await runDurableObjectAlarm(account.stub);
}

describe("a message of 1 MB to three accounts", () => {
  it("is stored once, and goes with the last of the three", async () => {
    const domain = await aDomain();
    const accounts = await Promise.all(["a", "b", "c"].map((name) => anAccount(domain, name)));
    const raw = large();
    const hash = await sha256Hex(raw);
    const recipients = accounts.map(({ email }) => email);
    expect(short(await ingest("zoe@far.example", recipients, raw))).toEqual(["accepted", "accepted", "accepted"]);
    const own = (await env.MAIL.list({ prefix: `raw/${accounts[0]?.user_id}/` })).objects;
    expect(own.map(({ size }) => size < 300)).toEqual([true]);
    const blob = env.BLOB.getByName(hash);
    expect(await blob.references()).toBe(3);
    // Each of them has it whole, until he deletes it.
    for (const account of accounts) {
      expect(await env.MAIL.head(blobKey(hash))).not.toBeNull();
      const [message] = await account.messages();
      const given = await (await account.call("GET", `/messages/${message?.id}/raw`)).arrayBuffer();
      expect(given.byteLength).toBe(message?.size);
      expect(await sha256Hex(new Uint8Array(given).slice(-raw.byteLength))).toBe(hash);
      await destroy(account);
    }
    expect(await blob.references()).toBe(0);
    expect(await env.MAIL.head(blobKey(hash))).toBeNull();
  });

  it("that comes again adds no reference", async () => {
    const alice = await anAccount();
    const raw = large();
    await ingest("zoe@far.example", alice.email, raw);
    await ingest("zoe@far.example", alice.email, raw);
    expect(await alice.messages()).toHaveLength(1);
    expect(await env.BLOB.getByName(await sha256Hex(raw)).references()).toBe(1);
  });
});

describe("a Blob that does not answer", () => {
  const accept = (faults: Parameters<typeof withFaults>[0], account: Account, raw: Uint8Array<ArrayBuffer>) =>
    acceptMail(withFaults(faults), { mail_from: "zoe@far.example", rcpt_to: [account.email] }, raw, {});

  it.each([
    ["before it has stored anything", breaks],
    ["after it has", losesAnswer],
  ])("%s leaves the mail with the sender, and the resent one is there once", async (_when, fault) => {
    const alice = await anAccount();
    const raw = large();
    await expect(accept({ BLOB: { refer: fault } }, alice, raw)).rejects.toThrow("injected");
    expect(short(await accept({}, alice, raw))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
    const [message] = await alice.messages();
    expect((await alice.call("GET", `/messages/${message?.id}/raw`)).status).toBe(200);
  });

  it("has no reference left when the store refused the bytes", async () => {
    const alice = await anAccount();
    const raw = large();
    const { MAIL } = env;
    env.MAIL = withFaults({ MAIL: { put: breaks } }).MAIL;
    const refused = await storeRaw(env, alice.user_id, raw, Date.now()).catch(() => "refused");
    env.MAIL = MAIL;
    expect(refused).toBe("refused");
    expect(await env.BLOB.getByName(await sha256Hex(raw)).references()).toBe(0);
    await ingest("zoe@far.example", alice.email, raw);
    expect(await alice.messages()).toHaveLength(1);
  });
});

describe("references", () => {
  it("in any order, repeated, at once: what is referred to is there, and what is not is gone", async () => {
    const step = fc.record({
      does: fc.constantFrom("refer", "release"),
      user: fc.constantFrom("u1", "u2"),
      reference: fc.constantFrom("a", "b"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
        const bytes = new TextEncoder().encode(randomId(20));
        const hash = await sha256Hex(new Uint8Array(bytes));
        const blob = env.BLOB.getByName(hash);
        const held = new Set<string>();
        for (const round of rounds) {
          // Calls that are made at once arrive in their order, and must not run into each other.
          const calls = round.map(({ does, user, reference }) => {
            if (does === "refer") held.add(`${user} ${reference}`);
            else held.delete(`${user} ${reference}`);
            const holder = { user_id: user, reference };
            return does === "refer" ? blob.refer([holder], hash, bytes) : blob.release(holder, hash);
          });
          await Promise.all(calls);
          const isThere = (await env.MAIL.head(blobKey(hash))) !== null;
          expect({ isThere, references: await blob.references() }).toEqual({
            isThere: held.size > 0,
            references: held.size,
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("to bytes up to 128 KiB are none: each mailbox has its own", async () => {
    const small = new Uint8Array(128 * 1024).fill(65);
    const [own, shared] = [
      await storeRaw(env, "u1", small, 1),
      await storeRaw(env, "u1", new Uint8Array([...small, 66]), 1),
    ];
    expect([own, shared].map((location) => parseRawLocation(location).kind)).toEqual(["raw", "split"]);
    expect(await readRaw(env, own)).toHaveLength(small.byteLength);
    expect(await readRaw(env, shared)).toHaveLength(small.byteLength + 1);
  });

  it("by a message without an object of its own, as large ones were stored at first, are read and released", async () => {
    const bytes = large();
    const hash = await sha256Hex(bytes);
    const location = `${blobKey(hash)}/old`;
    await env.BLOB.getByName(hash).refer([{ user_id: "u0", reference: "old" }], hash, bytes);
    expect(await readRaw(env, location)).toEqual(bytes);
    await discardRaw(env, "u0", location);
    expect(await env.MAIL.head(blobKey(hash))).toBeNull();
  });
});
