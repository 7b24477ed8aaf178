/** Aliases that lead outside: the message goes on with its own sender, who is told when it cannot. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { putAlias, short } from "./answers.ts";
import { breaks, losesAnswer, storedBytes, withFaults } from "./faults.ts";
import { by, FAILS, PASSES } from "./gateway-says.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, eventually, ingest, lines } from "./mesh.ts";
import { attemptAfter, queueForgets, reaches, relayThrough, reports, send, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";
const ANN = "Ann.Other@far.example";

/** A domain with an alias to the outside, and the Mailbox that carries its forwards. */
async function anAlias(...targets: string[]) {
  const domain = await aDomain();
  const alias = `ann@${domain}`;
  await putAlias(alias, ...(targets.length > 0 ? targets : [ANN]));
  const user_id = await env.DOMAIN.getByName(domain).forwarder();
  return { domain, alias, user_id, stub: env.MAILBOX.getByName(user_id) };
}

/** What a forward has for its reverse-path, whatever the token: SPF is asked of the alias's domain. */
const rewritten = (domain: string): unknown =>
  expect.stringMatching(new RegExp(`^forwarder\\+b-[0-9a-z]{19}@${domain}$`));

/** A forward that has left, and the reverse-path that it left with. */
async function aForward(sender = ZOE) {
  const peer = await relayThrough();
  const { alias, domain, ...forwarder } = await anAlias();
  await ingest(sender, alias, aLetter());
  await eventually(async () => (await taken(peer)).length > 0);
  const [{ mail_from } = { mail_from: "" }] = await taken(peer);
  return { ...forwarder, peer, domain, mail_from };
}

const bounce = () => aLetter({ from: "mailer-daemon@else.example", subject: "Undeliverable", body: "550 5.1.1" });

describe("what comes back from a forward", () => {
  it("goes on to who wrote the message, from nobody, once", async () => {
    const { peer, mail_from, stub } = await aForward();
    const report = bounce();
    expect(short(await ingest("", mail_from, report))).toEqual(["accepted"]);
    await eventually(async () => (await taken(peer)).length > 1);
    await ingest("", mail_from, report);
    await attemptAfter(100, stub);
    expect((await taken(peer)).slice(1)).toEqual([{ mail_from: "", rcpt_to: [ZOE] }]);
    expect(new TextDecoder().decode(await peer.body(1))).toContain("Subject: Undeliverable");
  });

  it("goes to an account of this mesh, if that wrote the message", async () => {
    const alice = await anAccount();
    const { mail_from } = await aForward(alice.email);
    await ingest("", mail_from.toUpperCase(), bounce());
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["Undeliverable"]);
  });

  it.each([
    ["from somebody", "spam@far.example", (path: string) => path],
    ["without a token that is known", "", (path: string) => path.replace(/.{4}@/, "0000@")],
    ["without a token", "", (path: string) => path.replace(/[+].*@/, "@")],
  ])("%s is refused", async (_what, sender, changed) => {
    const { mail_from } = await aForward();
    const [outcome] = await ingest(sender, changed(mail_from), bounce());
    expect(outcome).toMatchObject({ outcome: "refused", reason: "no_such_mailbox" });
  });

  it("after a month is refused, and so is what comes where nothing was ever forwarded", async () => {
    const { mail_from } = await aForward();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 24 * 3_600_000 });
    const late = await ingest("", mail_from, bounce());
    vi.useRealTimers();
    expect(short(late)).toEqual(["550 5.1.1"]);
    const never = mail_from.replace(/@.*/, `@${await aDomain()}`);
    expect(short(await ingest("", never, bounce()))).toEqual(["550 5.1.1"]);
  });

  it("is nobody's: there is no account and no alias of that name", async () => {
    const domain = await aDomain();
    const account = { email: `forwarder@${domain}`, password: "correct horse battery" };
    expect((await asAdmin("POST", "/accounts", account)).status).toBe(400);
    const path = `/aliases/${encodeURIComponent(`forwarder@${domain}`)}`;
    expect((await asAdmin("PUT", path, { targets: [ANN] })).status).toBe(400);
  });
});

describe("a forwarded message", () => {
  it("leaves from an address of its alias's domain, with its own bytes, a Received field and the alias's mark in front", async () => {
    const peer = await relayThrough();
    const { alias, domain, ...forwarder } = await anAlias();
    const raw = aLetter({ subject: "Forward me" });
    expect(short(await ingest(ZOE, alias, raw))).toEqual(["accepted"]);
    await eventually(async () => (await taken(peer)).length > 0);
    expect(await taken(peer)).toEqual([{ mail_from: rewritten(domain), rcpt_to: [ANN] }]);
    const sent = new TextDecoder().decode(await peer.body());
    expect(sent.endsWith(raw)).toBe(true);
    expect(sent.slice(0, -raw.length)).toMatch(
      new RegExp(`^Delivered-To: ${alias}\r\nReceived: by [^\r]+\r\n\tid [^\r]+\r\n\tfor <${alias}>;\r\n\t[^\r]+\r\n$`),
    );
    // Its bytes have done their work.
    await attemptAfter(10, forwarder.stub);
    expect(await storedBytes(forwarder)).toEqual([]);
  });

  it("that comes back, changed on its way, is a loop; one whose sender wrote the mark is not", async () => {
    const peer = await relayThrough();
    const { alias } = await anAlias();
    await ingest(ZOE, alias, aLetter());
    await eventually(async () => (await taken(peer)).length === 1);
    const back = `Received: by a.list\r\n${new TextDecoder().decode(await peer.body())}-- \r\nA footer of the list\r\n`;
    expect(short(await ingest(ZOE, alias, back))).toEqual(["554 5.4.6"]);
    const written = aLetter({ extra: `Delivered-To: ${alias}\r\n` });
    expect(short(await ingest(ZOE, alias, written))).toEqual(["accepted"]);
    await eventually(async () => (await taken(peer)).length === 2);
  });

  it("that comes back is a loop for the alias alone: an account behind it takes it", async () => {
    const peer = await relayThrough();
    const alice = await anAccount();
    const { alias } = await anAlias(alice.email, ANN);
    await ingest(ZOE, alias, aLetter());
    await eventually(async () => (await taken(peer)).length === 1);
    const back = `${new TextDecoder().decode(await peer.body())}A footer\r\n`;
    expect(short(await ingest(ZOE, alias, back))).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(2);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("leaves once, however often it comes", async () => {
    const peer = await relayThrough();
    const { alias, ...forwarder } = await anAlias();
    const raw = aLetter();
    for (let hop = 0; hop < 3; hop++) await ingest(ZOE, alias, `Received: by hop${hop}\r\n${raw}`);
    await eventually(async () => (await taken(peer)).length > 0);
    await attemptAfter(100, forwarder.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await storedBytes(forwarder)).toEqual([]);
  });

  it("leaves although a forged copy left before it", async () => {
    const peer = await relayThrough();
    const { alias, ...forwarder } = await anAlias();
    const raw = aLetter();
    for (let again = 0; again < 2; again++) {
      await ingest("x@evil.example", alias, raw, by(FAILS("quarantine")));
      await ingest(ZOE, alias, raw, by(PASSES));
    }
    await eventually(async () => (await taken(peer)).length > 1);
    await attemptAfter(100, forwarder.stub);
    expect(await taken(peer)).toHaveLength(2);
  });

  it("that says nothing of who or when it is leaves again after ten minutes", async () => {
    const peer = await relayThrough();
    queueForgets();
    const { alias, stub } = await anAlias();
    const report = lines("From: cron@far.example", "Subject: Backup done", "", "No errors.");
    await ingest(ZOE, alias, report);
    await ingest(ZOE, alias, report);
    await attemptAfter(1, stub);
    expect(await taken(peer)).toHaveLength(1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    await ingest(ZOE, alias, report);
    vi.useRealTimers();
    await attemptAfter(12 * 60, stub);
    expect(await taken(peer)).toHaveLength(2);
  });

  it("goes to an account and to the outside beside each other", async () => {
    const peer = await relayThrough();
    const alice = await anAccount();
    const { alias } = await anAlias(alice.email, ANN, "ben@far.example");
    await ingest(ZOE, alias, aLetter());
    await eventually(async () => (await taken(peer)).length === 2);
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to[0]).sort()).toEqual([ANN, "ben@far.example"]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it.each([
    ["before it is durable", breaks],
    ["after it is durable", losesAnswer],
  ])("is not acknowledged where its outbox breaks %s, and leaves once when it comes again", async (_when, relay) => {
    const peer = await relayThrough();
    const { alias } = await anAlias();
    const raw = aLetter();
    const { MAILBOX } = env;
    env.MAILBOX = withFaults({ MAILBOX: { relay } }).MAILBOX;
    await expect(ingest(ZOE, alias, raw).finally(() => (env.MAILBOX = MAILBOX))).rejects.toThrow(/^500 /);
    await ingest(ZOE, alias, raw);
    await eventually(async () => (await taken(peer)).length > 0);
    expect(await taken(peer)).toHaveLength(1);
  });
});

describe("a forward that fails", () => {
  const refuse = () => relayThrough({ rules: [{ on: "RCPT TO:<ann", do: ["550 5.1.1 She has left"] }] });

  it("is told to who wrote the message, from nobody", async () => {
    const peer = await refuse();
    const { alias, ...forwarder } = await anAlias();
    await ingest(ZOE, alias, aLetter({ subject: "Are you there?" }));
    await eventually(async () => (await taken(peer)).length > 0);
    expect(await taken(peer)).toEqual([{ mail_from: "", rcpt_to: [ZOE] }]);
    const report = new TextDecoder().decode(await peer.body());
    expect(report).toContain(`Final-Recipient: rfc822; ${ANN}`);
    expect(report).toContain("Subject: Are you there?");
    await attemptAfter(100, forwarder.stub);
    expect(await storedBytes(forwarder)).toEqual([]);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("is told to an account of this mesh without leaving it", async () => {
    const peer = await refuse();
    const alice = await anAccount();
    const { alias } = await anAlias();
    const sent = await send(alice, [alias], { subject: "Are you there?" });
    await reaches(alice, sent, "delivered");
    const [report] = await eventually(async () => (await reports(alice)).length > 0 && reports(alice));
    expect(report).toMatchObject({ return_path: "" });
    expect(report?.body).toContain(ANN);
    expect(await taken(peer)).toEqual([]);
  });

  it("of a message from nobody is told to nobody", async () => {
    const peer = await refuse();
    const { alias, ...forwarder } = await anAlias();
    await ingest("", alias, aLetter());
    await eventually(async () => (await peer.sessions()).length > 0);
    await attemptAfter(100, forwarder.stub);
    await attemptAfter(200, forwarder.stub);
    expect(await taken(peer)).toEqual([]);
    expect(await storedBytes(forwarder)).toEqual([]);
  });

  it("whose report fails as well ends there", async () => {
    const peer = await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 Nobody here"] }] });
    const { alias, ...forwarder } = await anAlias();
    await ingest(ZOE, alias, aLetter());
    await eventually(async () => (await peer.sessions()).length === 2);
    for (const seconds of [100, 200, 300]) await attemptAfter(seconds, forwarder.stub);
    expect((await peer.sessions()).length).toBe(2);
    expect(await storedBytes(forwarder)).toEqual([]);
  });

  it.each(['x>X-Evil: "1"', "no address", "a@b@c", "<>", `${"é".repeat(60)}@far.example`])(
    "of a sender that is no address, %j, comes to an end",
    async (mailFrom) => {
      const peer = await refuse();
      const { alias, ...forwarder } = await anAlias();
      expect(short(await ingest(mailFrom, alias, aLetter()))).toEqual(["accepted"]);
      await eventually(async () => (await isEnded(forwarder)) && (await storedBytes(forwarder)).length === 0, 10);
      for (const { mail_from } of await taken(peer)) expect(mail_from).toBe("");
    },
  );
});

/** Nothing of this outbox is due any more; the alarm has deleted what was left. */
async function isEnded({ stub }: Pick<Account, "stub">): Promise<boolean> {
  await attemptAfter(100, stub);
  return runInDurableObject(
    stub,
    (_object, { storage }) =>
      storage.sql.exec("SELECT 1 FROM submission WHERE next_attempt_at IS NOT NULL").toArray().length === 0,
  );
}
