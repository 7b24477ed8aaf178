/** Files that come, come again, are written, replaced and deleted in any order, with faults: each is there while a message has it. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { sweepWaiting } from "../../workers/inbound/waiting-letters.ts";
import { breaks, losesAnswer, only, waitingNotes, whenKey, withFaults } from "./faults.ts";
import { assertInvariants } from "./mailbox-invariants.ts";
import { type Account, aDomain, anAccount, eventually } from "./mesh.ts";
import {
  aDayPasses,
  aFile,
  destroyAll,
  expectAttachment,
  expectNothingLeft,
  letterWith,
  storedFile,
} from "./split-letters.ts";

const FAULTS: Parameters<typeof withFaults>[0][] = [
  {},
  {},
  { BLOB: { refer: only(1, breaks) } },
  { BLOB: { refer: only(2, losesAnswer) } },
  { BLOB: { release: breaks } },
  { MAIL: { put: only(1, breaks) } },
  { MAIL: { put: only(2, losesAnswer) } },
  { MAIL: { delete: breaks } },
  { MAILBOX: { deliver: breaks } },
  { MAILBOX: { deliver: losesAnswer } },
  { MAILBOX: { deliver: only(2, breaks) }, MAIL: { put: whenKey("waiting/", breaks) } },
];

/** What one step does, with which of the files, to or of which of the accounts, and what breaks meanwhile. */
type Step =
  | { does: "mail"; files: number[]; to: number[]; fault: number }
  | { does: "again"; fault: number }
  | { does: "draft"; files: number[]; of: number }
  | { does: "delete"; of: number }
  | { does: "alarm"; of: number };

const some = (max: number) => fc.uniqueArray(fc.nat(max), { minLength: 1 });
const fault = fc.nat(FAULTS.length - 1);
const of = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("mail"), files: some(2), to: some(1), fault }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("again"), fault }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("draft"), files: some(2), of }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("delete"), of }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("alarm"), of }) },
);

it("every file is there while a message has it, and no longer", { timeout: 120_000 }, async () => {
  const run = async (steps: Step[]) => {
    const domain = await aDomain();
    const accounts = [await anAccount(domain, "a0"), await anAccount(domain, "a1")];
    const files = [aFile(), aFile(80_000), aFile(90_000)];
    await play(steps, accounts, files);
    await eventually(async () => {
      await sweepWaiting(env);
      return !(await anyWaits(accounts));
    });
    // A mailbox looks once a week for what was left behind.
    for (const [n, account] of accounts.entries()) await aDayPasses(account, n === 0 ? [] : files, 8);
    const holders = files.map(() => 0);
    for (const account of accounts) {
      await assertInvariants(account);
      for (const { id, subject } of [...(await account.messages()), ...(await account.messages("drafts"))]) {
        for (const [n, file] of subject.split(",").map(Number).entries()) {
          holders[file] = (holders[file] ?? 0) + 1;
          await expectAttachment(account, id, n, files[file] ?? new Uint8Array());
        }
      }
    }
    expect((await Promise.all(files.map(storedFile))).map((stored) => stored.holders)).toEqual(holders);
    for (const account of accounts) {
      await destroyAll(account);
      await destroyAll(account, "drafts");
      await runDurableObjectAlarm(account.stub);
    }
    for (const account of accounts) await expectNothingLeft(account, files);
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), run), { numRuns: 15 });
});

const anyWaits = async (accounts: Account[]): Promise<boolean> =>
  (await Promise.all(accounts.map(waitingNotes))).some((notes) => notes.length > 0);

async function play(steps: Step[], accounts: Account[], files: Uint8Array<ArrayBuffer>[]): Promise<void> {
  let last: { rcpt_to: string[]; raw: Uint8Array<ArrayBuffer> } | null = null;
  for (const one of steps) {
    switch (one.does) {
      case "mail":
        last = {
          rcpt_to: one.to.flatMap((n) => accounts[n]?.email ?? []),
          raw: letterWith(chosen(files, one.files), { subject: one.files.join() }),
        };
        await accept(last.rcpt_to, last.raw, one.fault);
        break;
      case "again":
        if (last) await accept(last.rcpt_to, last.raw, one.fault);
        break;
      case "draft":
        await writeDraft(at(accounts, one.of), one.files.join(), chosen(files, one.files));
        break;
      case "delete":
        await deleteNewest(at(accounts, one.of));
        break;
      case "alarm":
        await runDurableObjectAlarm(at(accounts, one.of).stub);
        break;
    }
  }
}

const at = <T>(all: T[], n: number): T => all[n] ?? expect.fail("no such account");
const chosen = <T>(all: T[], numbers: number[]): T[] => numbers.flatMap((n) => all[n] ?? []);

async function accept(rcpt_to: string[], raw: Uint8Array<ArrayBuffer>, n: number): Promise<void> {
  const faulty = withFaults(FAULTS[n] ?? {});
  await acceptMail(faulty, { mail_from: "zoe@far.example", rcpt_to }, raw, {}).catch(() => "not acknowledged");
}

/** A new draft, or the one that is there replaced. */
async function writeDraft(account: Account, subject: string, files: Uint8Array[]): Promise<void> {
  const attachments = files.map((file) => ({ filename: "a", content: Buffer.from(file).toString("base64") }));
  const [draft] = await account.messages("drafts");
  const answer = draft
    ? await account.call("PUT", `/drafts/${draft.id}`, { subject, attachments })
    : await account.call("POST", "/drafts", { subject, attachments });
  expect(answer.ok).toBe(true);
}

async function deleteNewest(account: Account): Promise<void> {
  const [newest] = await account.messages();
  for (let n = 0; n < 2 && newest; n++) await account.call("DELETE", `/messages/${newest.id}`);
}
