/** What is decided before the bytes, and again when they are there: room, the sender, how fast mail comes. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { acceptMail, askRecipients } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting } from "../../workers/inbound/waiting-letters.ts";
import { askFor, putAlias, short } from "./answers.ts";
import { DOORS } from "./doors.ts";
import { breaks, type Fault, storedBytes, waitingNotes, withFaults } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, ingest } from "./mesh.ts";

const ZOE = "zoe@far.example";

afterEach(() => {
  env.RECEIVE_LIMITS = "off";
});

const encoded = (text: string) => new Uint8Array(new TextEncoder().encode(text));

/** Accounts made from here on take mail at this pace. */
const limits = (setting: string) => {
  env.RECEIVE_LIMITS = setting;
};

const block = (account: Account, sender: string) => account.call("POST", "/blocked-senders", { sender });
const setQuota = (account: Account, bytes: number) =>
  asAdmin("PUT", `/accounts/${account.email}/quota`, { quota_bytes: bytes });

describe("at RCPT", () => {
  it("a blocked sender is refused, and another is not", async () => {
    const alice = await anAccount();
    await block(alice, ZOE);
    expect(await askFor(ZOE, alice.email)).toEqual(["550 5.7.1"]);
    expect(await askFor("ann@far.example", alice.email)).toEqual(["accepted"]);
    expect(await askFor("", alice.email)).toEqual(["accepted"]);
  });

  it("a full mailbox puts mail off, and takes it again when there is room", async () => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter());
    await setQuota(alice, 1);
    expect(await askFor(ZOE, alice.email)).toEqual(["452 4.2.2"]);
    await setQuota(alice, 0);
    expect(await askFor(ZOE, alice.email)).toEqual(["accepted"]);
  });

  it("of several accounts behind an alias one that takes it is enough", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`both@${domain}`, alice.email, bob.email);
    await putAlias(`out@${domain}`, alice.email, "ann@else.example");
    await block(alice, ZOE);
    expect(await askFor(ZOE, `both@${domain}`)).toEqual(["accepted"]);
    expect(await askFor(ZOE, `out@${domain}`)).toEqual(["accepted"]);
    await ingest("ann@far.example", bob.email, aLetter());
    await setQuota(bob, 1);
    // The one who may take it later decides.
    expect(await askFor(ZOE, `both@${domain}`)).toEqual(["452 4.2.2"]);
    await block(bob, ZOE);
    expect(await askFor(ZOE, `both@${domain}`)).toEqual(["550 5.7.1"]);
  });

  it("each recipient of a question gets an answer of its own", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await block(alice, ZOE);
    const asked = [alice.email, bob.email, `nobody@${domain}`, "ann@else.example", bob.email];
    expect(await askFor(ZOE, ...asked)).toEqual(["550 5.7.1", "accepted", "550 5.1.1", "550 5.7.1", "accepted"]);
  });

  it("a Mailbox that does not answer is no reason to refuse, one that is overloaded is, for now", async () => {
    const alice = await anAccount();
    const envelope = { mail_from: ZOE, rcpt_to: [alice.email] };
    const asked = async (admission: Fault) =>
      short(await askRecipients(withFaults({ MAILBOX: { admission } }), envelope));
    expect(await asked(breaks)).toEqual(["accepted"]);
    expect(await asked(overloaded)).toEqual(["450 4.2.1"]);
  });
});

const overloaded: Fault = () => Promise.reject(Object.assign(new Error("injected"), { overloaded: true }));

describe.each(DOORS)("at %s", (_name, door) => {
  /** `email()` throws for the sender to come again. */
  const outcome = (from: string, to: string, raw: string): Promise<string[]> =>
    door(from, [to], raw).catch((error: Error) => [error.message.split(" ").slice(0, 2).join(" ")]);

  it("beyond what a mailbox takes at once the sender is put off, and one of another mailbox is not", async () => {
    limits("mailbox_per_minute=1,mailbox_burst=3");
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const to = async (account: Account, n: number) => outcome(`s@d${n}.example`, account.email, aLetter());
    const answers: string[][] = [];
    for (let n = 0; n < 5; n++) answers.push(await to(alice, n));
    expect(answers.flat()).toEqual(["accepted", "accepted", "accepted", "450 4.2.1", "450 4.2.1"]);
    expect(await to(bob, 9)).toEqual(["accepted"]);
    expect(await askFor(ZOE, alice.email, bob.email)).toEqual(["450 4.2.1", "accepted"]);
    expect(await alice.messages()).toHaveLength(3);
    expect(await storedBytes(alice)).toHaveLength(3);
  });

  it("one domain has half of it, and leaves the rest to others", async () => {
    limits("mailbox_per_minute=1,mailbox_burst=4");
    const alice = await aCheckedAccount();
    const answers: string[][] = [];
    for (let n = 0; n < 3; n++) answers.push(await outcome(`s${n}@far.example`, alice.email, aLetter()));
    answers.push(await outcome("ann@else.example", alice.email, aLetter()));
    expect(answers.flat()).toEqual(["accepted", "accepted", "450 4.7.0", "accepted"]);
    expect(await alice.messages()).toHaveLength(3);
  });
});

describe("what was acknowledged", () => {
  it("is delivered however fast it comes", async () => {
    limits("mailbox_per_minute=1,mailbox_burst=1");
    const alice = await aCheckedAccount();
    await ingest(ZOE, alice.email, aLetter());
    const faulty = withFaults({ MAILBOX: { deliver: breaks }, INBOUND: { send: async () => undefined } });
    const envelope = { mail_from: ZOE, rcpt_to: [alice.email] };
    for (let n = 0; n < 3; n++) {
      const bytes = encoded(aLetter());
      expect(short(await acceptMail(faulty, envelope, bytes, {}))).toEqual(["accepted"]);
    }
    for (const waiting_key of await waitingNotes(alice)) await deliverWaiting(env, { waiting_key });
    expect(await alice.messages()).toHaveLength(4);
    expect(await waitingNotes(alice)).toEqual([]);
  });
});

describe("a Mailbox that the platform calls overloaded", () => {
  it("puts the sender off and keeps nothing for later; the bytes stay, since it may have been delivered", async () => {
    const alice = await anAccount();
    const bytes = encoded(aLetter());
    const faulty = withFaults({ MAILBOX: { deliver: overloaded } });
    const envelope = { mail_from: ZOE, rcpt_to: [alice.email] };
    expect(short(await acceptMail(faulty, envelope, bytes, {}))).toEqual(["450 4.2.1"]);
    expect(await waitingNotes(alice)).toEqual([]);
    expect(await storedBytes(alice)).toHaveLength(1);
    expect(short(await acceptMail(env, envelope, bytes, {}))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
  });
});

describe("a setting that cannot be read", () => {
  it("keeps no mail out", async () => {
    limits("mailbox_burst=many");
    const alice = await anAccount();
    expect(short(await ingest(ZOE, alice.email, aLetter()))).toEqual(["accepted"]);
  });
});
