/**
 * Mail comes in while the parts of the mesh fail, one after the other and all at once. The sender does what senders do:
 * what was not acknowledged comes again. In the end each message is there exactly once, and nothing is left over.
 */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { VerifyPage } from "../../contract/admin.ts";
import type { Env } from "../../workers/env.ts";
import { sweepWaiting } from "../../workers/inbound/waiting-letters.ts";
import { ok } from "./api-answers.ts";
import { atEmailDoor, atIngestDoor } from "./doors.ts";
import { breaks, type Fault, losesAnswer, waitingNotes, withFaults } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, asAdmin, eventually } from "./mesh.ts";
import { aDayPasses, aFile, letterWith } from "./split-letters.ts";

const ZOE = "zoe@far.example";
type Faults = Parameters<typeof withFaults>[0];

/** Every call to another part that a message on its way in needs. */
const PARTS: [part: string, faults: (fault: Fault) => Faults][] = [
  ["the Domain's resolve", (resolve) => ({ DOMAIN: { resolve } })],
  ["the Blob's refer", (refer) => ({ BLOB: { refer } })],
  ["R2's put", (put) => ({ MAIL: { put } })],
  ["R2's get", (get) => ({ MAIL: { get } })],
  ["R2's delete", (remove) => ({ MAIL: { delete: remove } })],
  ["the Mailbox's deliver", (deliver) => ({ MAILBOX: { deliver } })],
  ["the queue's send", (send) => ({ INBOUND: { send } })],
  ["the Mailbox and the queue", (fault) => ({ MAILBOX: { deliver: fault }, INBOUND: { send: fault } })],
  ["the Mailbox and R2", (fault) => ({ MAILBOX: { deliver: fault }, MAIL: { put: fault } })],
];

const real = { ...env };
afterEach(() => {
  Object.assign(env, real);
  vi.useRealTimers();
});

interface Sending {
  subject: string;
  raw: Uint8Array<ArrayBuffer>;
  rcpt_to: string[];
  /** Who must have it in the end. */
  for: Account[];
}

/** A domain with two accounts and an alias to both, and one message of each kind to them. */
async function aTown() {
  const domain = await aDomain();
  const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
  const targets = [alice.email, bob.email];
  expect((await asAdmin("PUT", `/aliases/team@${domain}`, { targets })).status).toBe(200);
  const letter = (fields: Parameters<typeof aLetter>[0]) => new Uint8Array(Buffer.from(aLetter(fields), "latin1"));
  const files: Uint8Array<ArrayBuffer>[] = [];
  const someFiles = () => {
    const two = [aFile(), aFile(90_000)];
    files.push(...two);
    return two;
  };
  const mail = (name: string): Sending[] => [
    { subject: `${name} small`, raw: letter({ subject: `${name} small` }), rcpt_to: [alice.email], for: [alice] },
    { subject: `${name} both`, raw: letter({ subject: `${name} both` }), rcpt_to: targets, for: [alice, bob] },
    {
      ...{ subject: `${name} file`, rcpt_to: [`team@${domain}`], for: [alice, bob] },
      raw: letterWith(someFiles(), { subject: `${name} file` }),
    },
    {
      ...{ subject: `${name} tag`, rcpt_to: [`bob+tag@${domain}`, bob.email], for: [bob] },
      raw: letter({ subject: `${name} tag`, body: "long ".repeat(40_000) }),
    },
  ];
  return { accounts: [alice, bob], files, mail };
}
type Town = Awaited<ReturnType<typeof aTown>>;

type Answer = "taken" | "put off" | "refused";

type Send = (mesh: Env, sending: Sending) => Promise<Answer>;

/** As the sender sees it: what is no answer, or one for a while, means to come again with all of it. */
const through =
  (door: typeof atIngestDoor): Send =>
  async (mesh, { raw, rcpt_to }) => {
    const outcomes = await door(mesh, ZOE, rcpt_to, raw).catch(() => ["451"]);
    if (outcomes.some((outcome) => outcome.startsWith("5"))) return "refused";
    return outcomes.every((outcome) => outcome === "accepted") ? "taken" : "put off";
  };
const DOORS = { "POST /ingest": through(atIngestDoor), "email()": through(atEmailDoor) };

/** All is well again: what waits is delivered, and nothing is there twice, lost, or left over. */
async function expectEachOnce({ accounts, files }: Town, sent: Sending[]): Promise<void> {
  Object.assign(env, real);
  await sweepWaiting(env);
  for (const account of accounts) {
    await eventually(async () => (await waitingNotes(account)).length === 0);
    const subjects = (await account.messages()).map(({ subject }) => subject).sort();
    const expected = sent.filter((one) => one.for.includes(account)).map(({ subject }) => subject);
    expect(subjects).toEqual(expected.sort());
    const { problems } = await ok(asAdmin("POST", `/accounts/${account.email}/verify`, {}), VerifyPage);
    expect(problems).toEqual([]);
    // What a delivery that broke off left behind is found a day later; aCheckedAccount then looks for it.
    await aDayPasses(account, files);
  }
}

/** The two doors differ in how they answer, not in what they call: there one part that puts the sender off will do. */
const PARTS_OF: Record<keyof typeof DOORS, typeof PARTS> = { "POST /ingest": PARTS, "email()": PARTS.slice(-2) };

describe.each(Object.entries(DOORS))("through %s", (door, send) => {
  it.each(PARTS_OF[door === "email()" ? door : "POST /ingest"])(
    "mail that comes while %s fails is taken and there once, or put off",
    async (_part, faultsOf) => {
      const town = await aTown();
      const all: Sending[] = [];
      for (const [name, fault] of Object.entries({ breaks, losesAnswer })) {
        const sending = town.mail(name);
        all.push(...sending);
        const answers = await Promise.all(sending.map((one) => send(withFaults(faultsOf(fault)), one)));
        expect(answers).not.toContain("refused");
        const again = sending.filter((_one, n) => answers[n] === "put off");
        for (const one of again) expect(await send(env, one)).toBe("taken");
      }
      await expectEachOnce(town, all);
    },
  );

  it.each([1, 2])("mail that comes while everything fails now and then is there once (seed %i)", async (seed) => {
    const town = await aTown();
    const sending = [1, 2, 3].flatMap((n) => town.mail(`${n}`));
    const faults = stormOf(seed);
    // The objects' own bindings fail as well.
    const stormy = withFaults(faults);
    Object.assign(env, { MAIL: stormy.MAIL, BLOB: stormy.BLOB, INBOUND: stormy.INBOUND });
    const tries = await Promise.all(sending.map((one) => sendUntilTaken(send, stormy, one)));
    expect(Math.max(...tries)).toBeGreaterThan(1);
    await expectEachOnce(town, sending);
  });
});

/** Each call of each part fails one time in eight, before or after it did its work. */
function stormOf(seed: number): Faults {
  let state = seed;
  const now: Fault = (call, args, nth) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const dice = (state >> 16) % 16;
    return dice === 0 ? breaks(call, args, nth) : dice === 1 ? losesAnswer(call, args, nth) : call(...args);
  };
  return {
    ...{ DOMAIN: { resolve: now }, BLOB: { refer: now, share: now }, MAILBOX: { deliver: now } },
    ...{ MAIL: { put: now, get: now, delete: now }, INBOUND: { send: now } },
  };
}

/** Returns how often it had to be sent. */
async function sendUntilTaken(send: Send, mesh: Env, sending: Sending): Promise<number> {
  for (let n = 1; n <= 20; n++) {
    const answer = await send(mesh, sending);
    expect(answer).not.toBe("refused");
    if (answer === "taken") return n;
  }
  return expect.fail(`${sending.subject} was put off twenty times`);
}
