/** An attachment is stored once, whoever has it and in whatever messages, and every message comes back as it came. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { parseRawLocation, rawKey } from "../../contract/r2-keys.ts";
import { putAlias, short } from "./answers.ts";
import { done, ok } from "./api-answers.ts";
import { DOORS } from "./doors.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, eventually, ingest } from "./mesh.ts";
import { attemptAfter, relayThrough, taken } from "./outgoing.ts";
import {
  aFile,
  destroyAll,
  expectAttachment,
  expectNothingLeft,
  expectRaw,
  expectSame,
  GONE,
  letterWith,
  storedFile,
} from "./split-letters.ts";

const ZOE = "zoe@far.example";

const only = async (account: Account, role?: "sent" | "drafts"): Promise<MessageSummary> => {
  const all = await account.messages(role);
  expect(all).toHaveLength(1);
  return MessageSummary.parse(all[0]);
};

/** Bytes of the objects that are an account's own. */
async function ownBytes({ user_id }: Account): Promise<number> {
  const { objects } = await env.MAIL.list({ prefix: rawKey(user_id, "") });
  return objects.reduce((sum, { size }) => sum + size, 0);
}

async function several(count: number): Promise<Account[]> {
  const domain = await aDomain();
  return Promise.all(Array.from({ length: count }, (_, n) => aCheckedAccount(domain, `a${n}`)));
}

describe("a file of 5 MB", () => {
  // Email Routing hands a message in once for each recipient.
  it.each([
    [50, ...DOORS[0]],
    [10, ...DOORS[1]],
  ])("to %i accounts by %s is stored once, is everybody's, and goes with the last", async (count, _name, door) => {
    const accounts = await several(count);
    const file = aFile(5_000_000);
    const raw = letterWith([file]);
    const outcomes = await door(
      ZOE,
      accounts.map(({ email }) => email),
      raw,
    );
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
    expect(await storedFile(file)).toEqual({ size: 5_000_000, holders: count });
    for (const account of accounts) expect(await ownBytes(account)).toBeLessThan(2_000);
    for (const account of [accounts[0], accounts[count - 1]]) {
      if (account === undefined) continue;
      const { id, size } = await only(account);
      expect(size).toBeGreaterThan(raw.byteLength);
      await expectRaw(account, id, raw);
      await expectAttachment(account, id, 0, file);
    }
    const [last, ...others] = accounts;
    if (last === undefined) return;
    for (const account of others) await destroyAll(account);
    expect(await storedFile(file)).toEqual({ size: 5_000_000, holders: 1 });
    await expectRaw(last, (await only(last)).id, raw);
    await destroyAll(last);
    for (const account of accounts) await expectNothingLeft(account, [file]);
  });
});

describe("a file", () => {
  it("in several messages, wrapped in several ways, is stored once", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const file = aFile();
    const letters = [60, 64, 76, 1_000_000].map((width) => letterWith([file], { width, subject: `${width}` }));
    for (const letter of letters) await ingest(ZOE, alice.email, letter);
    await ingest(ZOE, bob.email, letterWith([aFile(), file]));
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 5 });
    for (const [n, { id }] of (await alice.messages()).reverse().entries()) {
      await expectRaw(alice, id, letters[n] ?? file);
      await expectAttachment(alice, id, 0, file);
    }
    await expectAttachment(bob, (await only(bob)).id, 1, file);
    await destroyAll(alice);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    await destroyAll(bob);
    expect(await storedFile(file)).toEqual(GONE);
  });

  it("twice in one message is referred to once", async () => {
    const alice = await aCheckedAccount();
    const file = aFile();
    const raw = letterWith([file, file]);
    await ingest(ZOE, alice.email, raw);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    await expectRaw(alice, (await only(alice)).id, raw);
    await destroyAll(alice);
    await expectNothingLeft(alice, [file]);
  });

  it("that is small stays in its message", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(60_000);
    const raw = letterWith([file]);
    await ingest(ZOE, alice.email, raw);
    expect(await storedFile(file)).toEqual(GONE);
    const [key = ""] = await storedBytes(alice);
    expect(parseRawLocation(key).kind).toBe("raw");
    await expectRaw(alice, (await only(alice)).id, raw);
  });

  it("that is no regular base64 is stored once as it stands, and read all the same", async () => {
    const alice = await aCheckedAccount();
    const file = aFile();
    const text = Buffer.from(letterWith([file])).toString("latin1");
    // A mailing list's footer, in base64 that then has lines of two lengths.
    const raw = new Uint8Array(Buffer.from(text.replace("\r\n--cut--", "\r\n!\r\n--cut--"), "latin1"));
    await ingest(ZOE, alice.email, raw);
    const { id } = await only(alice);
    await expectRaw(alice, id, raw);
    await expectAttachment(alice, id, 0, file);
    expect(await ownBytes(alice)).toBeLessThan(2_000);
    await destroyAll(alice);
    await expectNothingLeft(alice, [file]);
  });

  it("beside too much text leaves its message whole, and shared as a whole", async () => {
    const [alice, bob] = await several(2);
    if (alice === undefined || bob === undefined) return;
    const file = aFile();
    const text = Buffer.from(letterWith([file])).toString("latin1");
    const raw = new Uint8Array(Buffer.from(text.replace("See attached.", "See attached. ".repeat(20_000)), "latin1"));
    await ingest(ZOE, [alice.email, bob.email], raw);
    expect(await storedFile(raw)).toEqual({ size: raw.byteLength, holders: 2 });
    expect(await storedFile(file)).toEqual(GONE);
    for (const account of [alice, bob]) {
      await expectRaw(account, (await only(account)).id, raw);
      await expectAttachment(account, (await only(account)).id, 0, file);
      await destroyAll(account);
    }
    for (const account of [alice, bob]) await expectNothingLeft(account, [raw]);
  });

  it("that comes again in the same message adds nothing", async () => {
    const alice = await aCheckedAccount();
    const file = aFile();
    const raw = letterWith([file]);
    for (let n = 0; n < 3; n++) await ingest(ZOE, alice.email, raw);
    await only(alice);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    expect(await storedBytes(alice)).toHaveLength(1);
  });
});

describe("a file that is sent", () => {
  const attached = (file: Uint8Array, name = "a.bin") => ({
    filename: name,
    content_type: "application/x-a",
    content: Buffer.from(file).toString("base64"),
  });

  it("is shared by the draft, the copy in Sent and its readers, and goes with the last", async () => {
    const [alice, bob] = await several(2);
    if (alice === undefined || bob === undefined) return;
    const file = aFile();
    const message = { to: [{ email: bob.email }], subject: "File", body: "Here.", attachments: [attached(file)] };
    const draft = await ok(alice.call("POST", "/drafts", message), MessageSummary, 201);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    await ok(alice.call("PUT", `/drafts/${draft.id}`, { ...message, subject: "The file" }), MessageSummary);
    await runDurableObjectAlarm(alice.stub);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    const sent = await ok(alice.call("POST", `/drafts/${draft.id}/send`, message), Sent, 202);
    await runDurableObjectAlarm(alice.stub);
    const { id } = await eventually(async () => (await bob.messages())[0]);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 2 });
    await expectAttachment(alice, sent.id, 0, file);
    await expectAttachment(bob, id, 0, file);
    for (let n = 0; n < 2; n++) await done(alice.call("DELETE", `/messages/${sent.id}`));
    await eventually(async () => {
      await runDurableObjectAlarm(alice.stub);
      return (await storedFile(file)).holders === 1;
    });
    await destroyAll(bob);
    for (const account of [alice, bob]) await expectNothingLeft(account, [file]);
  });

  it("three times at once is kept for the one message that was accepted", async () => {
    const alice = await aCheckedAccount();
    const file = aFile();
    const { id } = await ok(alice.call("POST", "/drafts", {}), MessageSummary, 201);
    const message = { to: [{ email: ZOE }], subject: "x", attachments: [attached(file)], undo_seconds: 60 };
    await Promise.all([1, 2, 3].map(() => alice.call("POST", `/drafts/${id}/send`, message)));
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
  });

  it("to the outside leaves in the very bytes of the copy in Sent", async () => {
    const peer = await relayThrough();
    const alice = await aCheckedAccount();
    const file = aFile();
    const message = { to: [{ email: ZOE }], subject: "File", attachments: [attached(file)] };
    const sent = await ok(alice.call("POST", "/messages", message), Sent, 202);
    await attemptAfter(1, alice.stub);
    await eventually(async () => (await taken(peer)).length > 0);
    const left = new Uint8Array(await peer.body());
    const { size } = await alice.open(sent.id);
    await expectRaw(alice, sent.id, left.subarray(left.byteLength - size));
    expect(new TextDecoder().decode(left.subarray(0, 15))).toBe("DKIM-Signature:");
  });
});

describe("a file that an alias passes on", () => {
  it("beside an account is shared until it has left", async () => {
    const peer = await relayThrough();
    const alice = await aCheckedAccount();
    const domain = await aDomain();
    await putAlias(`ann@${domain}`, alice.email, "ann@far.example");
    const forwarder = await env.DOMAIN.getByName(domain).forwarder();
    const file = aFile();
    const raw = letterWith([file]);
    expect(short(await ingest(ZOE, `ann@${domain}`, raw))).toEqual(["accepted"]);
    await attemptAfter(1, env.MAILBOX.getByName(forwarder));
    await eventually(async () => (await taken(peer)).length > 0);
    const left = new Uint8Array(await peer.body());
    expectSame(left.subarray(left.byteLength - raw.byteLength), raw);
    expect(new TextDecoder().decode(left.subarray(0, 14))).toBe("Delivered-To: ");
    await attemptAfter(10, env.MAILBOX.getByName(forwarder));
    expect(await storedBytes({ user_id: forwarder })).toEqual([]);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders: 1 });
    await expectRaw(alice, (await only(alice)).id, raw);
    await destroyAll(alice);
    await expectNothingLeft(alice, [file]);
  });

  it("to the outside alone goes when it has left", async () => {
    const peer = await relayThrough();
    const domain = await aDomain();
    await putAlias(`ann@${domain}`, "ann@far.example");
    const forwarder = await env.DOMAIN.getByName(domain).forwarder();
    const file = aFile();
    await ingest(ZOE, `ann@${domain}`, letterWith([file]));
    await attemptAfter(1, env.MAILBOX.getByName(forwarder));
    await eventually(async () => (await taken(peer)).length > 0);
    await attemptAfter(10, env.MAILBOX.getByName(forwarder));
    expect(await storedFile(file)).toEqual(GONE);
    expect(await storedBytes({ user_id: forwarder })).toEqual([]);
  });
});
