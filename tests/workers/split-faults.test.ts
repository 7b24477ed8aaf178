/** Whatever breaks, and wherever: an attachment is never lost while a message has it, and never stays when none has. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { blobKey } from "../../contract/r2-keys.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting, sweepWaiting } from "../../workers/inbound/waiting-letters.ts";
import { discardRaw } from "../../workers/storage/raw-messages.ts";
import {
  breaks,
  type Fault,
  loses,
  losesAnswer,
  only,
  storedBytes,
  waitingNotes,
  whenKey,
  withFaults,
} from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, eventually, ingest } from "./mesh.ts";
import {
  aDayPasses,
  aFile,
  destroyAll,
  expectAttachment,
  expectNothingLeft,
  expectRaw,
  GONE,
  letterWith,
  storedFile,
} from "./split-letters.ts";

const ZOE = "zoe@far.example";
type Faults = Parameters<typeof withFaults>[0];

const { MAIL, BLOB, MAILBOX } = env;

afterEach(() => {
  Object.assign(env, { MAIL, BLOB, MAILBOX });
  vi.useRealTimers();
});

const accept = (faults: Faults, accounts: Account[], raw: Uint8Array<ArrayBuffer>) =>
  acceptMail(withFaults(faults), { mail_from: ZOE, rcpt_to: accounts.map(({ email }) => email) }, raw, {});

/** Runs `work` while the bindings of the objects themselves have faults. */
async function during(faults: Faults, work: () => Promise<unknown>): Promise<void> {
  const { MAIL: mail, BLOB: blob, MAILBOX: mailbox } = withFaults(faults);
  Object.assign(env, { MAIL: mail, BLOB: blob, MAILBOX: mailbox });
  await work().finally(() => Object.assign(env, { MAIL, BLOB, MAILBOX }));
}

/** The one message, whole, and its files with no reference but its own. */
async function expectOnce(account: Account, raw: Uint8Array, files: Uint8Array<ArrayBuffer>[], holders = 1) {
  const [message, ...others] = await account.messages();
  expect(others).toEqual([]);
  if (message === undefined) return expect.fail("no message");
  await expectRaw(account, message.id, raw);
  for (const [n, file] of files.entries()) {
    await expectAttachment(account, message.id, n, file);
    expect(await storedFile(file)).toEqual({ size: file.byteLength, holders });
  }
  expect(await storedBytes(account)).toHaveLength(1);
}

describe("a delivery that breaks off", () => {
  const noNote = { put: whenKey("waiting/", breaks) };
  const steps: [step: string, faults: Faults][] = [
    ["before the first file is stored", { BLOB: { refer: only(1, breaks) } }],
    ["after the first file is stored", { BLOB: { refer: only(1, losesAnswer) } }],
    ["between two files", { BLOB: { refer: only(2, breaks) } }],
    ["before the skeleton is stored", { MAIL: { put: breaks } }],
    ["after the skeleton is stored", { MAIL: { put: losesAnswer } }],
    ["before the message is in the mailbox", { MAILBOX: { deliver: breaks }, MAIL: noNote }],
    ["after the message is in the mailbox", { MAILBOX: { deliver: losesAnswer }, MAIL: noNote }],
  ];

  it.each(steps)(
    "%s is made up for when the sender comes again, and a day later nothing more is left",
    async (_step, faults) => {
      const alice = await aCheckedAccount();
      const files = [aFile(), aFile(90_000)];
      const raw = letterWith(files);
      await expect(accept(faults, [alice], raw)).rejects.toThrow("injected");
      await ingest(ZOE, alice.email, raw);
      await aDayPasses(alice, files);
      await expectOnce(alice, raw, files);
      await aDayPasses(alice, files);
      await expectOnce(alice, raw, files);
      await destroyAll(alice);
      await expectNothingLeft(alice, files);
    },
  );

  it.each(steps.slice(0, -1))("%s and is never made up for leaves nothing a day later", async (_step, faults) => {
    const alice = await aCheckedAccount();
    const files = [aFile(), aFile(90_000)];
    await expect(accept(faults, [alice], letterWith(files))).rejects.toThrow("injected");
    await aDayPasses(alice, files);
    await aDayPasses(alice, files);
    await expectNothingLeft(alice, files);
  });

  it("for one of two accounts leaves the other its message", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const files = [aFile()];
    const raw = letterWith(files);
    await expect(accept({ MAIL: { put: only(2, breaks) } }, [alice, bob], raw)).rejects.toThrow("injected");
    await eventually(async () => [...(await alice.messages()), ...(await bob.messages())].length === 1);
    await ingest(ZOE, [alice.email, bob.email], raw);
    await aDayPasses(alice, []);
    await aDayPasses(bob, files);
    for (const account of [alice, bob]) await expectOnce(account, raw, files, 2);
  });
});

describe("a letter that waits", () => {
  const late: Faults = { MAILBOX: { deliver: breaks }, INBOUND: { send: loses } };

  it("keeps its files for as long as it waits, and is whole when it comes", async () => {
    const alice = await aCheckedAccount();
    const files = [aFile()];
    const raw = letterWith(files);
    await accept(late, [alice], raw);
    await aDayPasses(alice, files);
    await aDayPasses(alice, files);
    expect(await alice.messages()).toEqual([]);
    await sweepWaiting(env);
    await eventually(async () => (await waitingNotes(alice)).length === 0);
    await expectOnce(alice, raw, files);
  });

  it.each<[step: string, faults: Faults]>([
    ["before its file is released", { BLOB: { release: breaks } }],
    ["after its file is released", { BLOB: { release: losesAnswer } }],
    ["before its skeleton is deleted", { MAIL: { delete: whenKey("raw/", breaks) } }],
    ["after its skeleton is deleted", { MAIL: { delete: losesAnswer } }],
    ["before its note is deleted", { MAIL: { delete: whenKey("waiting/", breaks) } }],
  ])("and repeats another is taken back although that breaks off %s", async (_step, faults) => {
    const alice = await aCheckedAccount();
    const files = [aFile()];
    const raw = letterWith(files);
    await accept(late, [alice], raw);
    await ingest(ZOE, alice.email, raw);
    expect(await storedFile(files[0] ?? raw)).toMatchObject({ holders: 2 });
    const [waiting_key = ""] = await waitingNotes(alice);
    await expect(deliverWaiting(withFaults(faults), { waiting_key })).rejects.toThrow("injected");
    await deliverWaiting(env, { waiting_key });
    expect(await waitingNotes(alice)).toEqual([]);
    await aDayPasses(alice, files);
    await expectOnce(alice, raw, files);
  });

  it("and of which a file is gone was on its way out: its note goes, and then the rest", async () => {
    const alice = await aCheckedAccount();
    const files = [aFile()];
    await accept(late, [alice], letterWith(files));
    const [raw_key = ""] = await storedBytes(alice);
    const breaksOff = withFaults({ MAIL: { delete: breaks } });
    await expect(discardRaw(breaksOff, alice.user_id, raw_key)).rejects.toThrow("injected");
    const [waiting_key = ""] = await waitingNotes(alice);
    await deliverWaiting(env, { waiting_key });
    expect([await waitingNotes(alice), await alice.messages()]).toEqual([[], []]);
    await aDayPasses(alice, files);
    await expectNothingLeft(alice, files);
  });
});

describe("a deletion that breaks off", () => {
  it.each<[step: string, faults: Faults]>([
    ["before the skeleton is read", { MAIL: { get: breaks } }],
    ["before the first file is released", { BLOB: { release: breaks } }],
    ["after the first file is released", { BLOB: { release: only(1, losesAnswer) } }],
    ["between two files", { BLOB: { release: only(2, breaks) } }],
    ["after the last file is released", { BLOB: { release: only(2, losesAnswer) } }],
    ["before the first file's bytes are deleted", { MAIL: { delete: whenKey("blob/", breaks) } }],
    ["after the first file's bytes are deleted", { MAIL: { delete: whenKey("blob/", losesAnswer) } }],
    ["before the skeleton is deleted", { MAIL: { delete: whenKey("raw/", breaks) } }],
    ["after the skeleton is deleted", { MAIL: { delete: whenKey("raw/", losesAnswer) } }],
  ])("%s is taken up again, and takes nothing that another has", async (_step, faults) => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const files = [aFile(), aFile(90_000)];
    const raw = letterWith(files);
    await ingest(ZOE, alice.email, raw);
    await ingest(ZOE, bob.email, letterWith(files.slice(0, 1)));
    await during(faults, () => destroyAll(alice));
    await runDurableObjectAlarm(alice.stub);
    expect(await storedBytes(alice)).toEqual([]);
    expect(await Promise.all(files.map(storedFile))).toEqual([{ size: 100_000, holders: 1 }, GONE]);
    const [message] = await bob.messages();
    await expectAttachment(bob, message?.id ?? "", 0, files[0] ?? raw);
    await destroyAll(bob);
    await expectNothingLeft(bob, files);
  });
});

describe("a message whose bytes are not what they were", () => {
  it("is not given back as if they were", async () => {
    const alice = await aCheckedAccount();
    const file = aFile();
    await ingest(ZOE, alice.email, letterWith([file]));
    const [message] = await alice.messages();
    const key = blobKey(await sha256Hex(file));
    const raw = () => alice.call("GET", `/messages/${message?.id}/raw`).then((answer) => answer.arrayBuffer());
    await env.MAIL.put(key, file.subarray(1));
    await expect(raw()).rejects.toThrow();
    await env.MAIL.put(key, file);
    await expect(raw()).resolves.toBeDefined();
  });

  it("is not what a reader leaves behind that goes away in the middle", async () => {
    const alice = await aCheckedAccount();
    const file = aFile(1_000_000);
    const letter = letterWith([file]);
    await ingest(ZOE, alice.email, letter);
    const [message] = await alice.messages();
    const answer = await alice.call("GET", `/messages/${message?.id}/raw`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expectRaw(alice, message?.id ?? "", letter);
  });
});

describe("a Mailbox that does not say whether it has a split message", () => {
  it("keeps its files", async () => {
    const alice = await aCheckedAccount();
    const files = [aFile()];
    const raw = letterWith(files);
    await ingest(ZOE, alice.email, raw);
    const silent: Fault = breaks;
    await during({ MAILBOX: { holds: silent } }, () => aDayPasses(alice, files));
    await expectOnce(alice, raw, files);
    await aDayPasses(alice, files);
    await expectOnce(alice, raw, files);
  });
});
