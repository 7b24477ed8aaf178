/** What a delivery makes leave: once, through whatever breaks, and not without end. */
import { describe, expect, it } from "vitest";
import { submission } from "../../schema/mailbox/tables.ts";
import { breaks, type Fault, losesAnswer, storedBytes } from "./faults.ts";
import { aLetterThatMakesLeave, letLeave, makeFollowUps, waitingFollowUps } from "./follow-up-mail.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, anAccount, eventually, ingest } from "./mesh.ts";
import { alarmAfter, attemptAfter, bounceAddressOf, queueForgets, relayThrough, reports, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";
const ANN = "ann@else.example";
const FORWARD = { kind: "forward", to: ANN } as const;
const REPLY = { kind: "reply", to: ZOE, subject: null, body: "Thank you.", handle: "test" } as const;

const submissions = (account: Account) => mailboxOf(account, ({ db }) => db.select().from(submission).all());

describe("a forward", () => {
  it("leaves with its own bytes from its owner's address, by the queue, with no hand of the test's", async () => {
    const peer = await relayThrough();
    const alice = await aCheckedAccount();
    const raw = aLetter({ subject: "Forward me" });
    await aLetterThatMakesLeave(alice, [FORWARD], { raw });
    await alarmAfter(1, alice.stub);
    await eventually(async () => (await taken(peer)).length > 0);
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(alice), rcpt_to: [ANN] }]);
    const sent = new TextDecoder().decode(await peer.body());
    expect(sent.endsWith(raw)).toBe(true);
    const front = sent.slice(0, -raw.length);
    expect(front).toMatch(/^Received: by /);
    expect(front).toContain(`\r\nDelivered-To: ${alice.email}\r\n`);
    expect(front).not.toMatch(/Return-Path|DKIM-Signature/);
    expect(await waitingFollowUps(alice)).toEqual([]);
  });

  it("of a message in the name of its own domain is not signed by it", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [FORWARD], { raw: aLetter({ from: alice.email }) });
    await letLeave(alice);
    expect(new TextDecoder().decode(await peer.body())).not.toContain("DKIM-Signature");
  });

  it("of a message from nobody leaves from nobody", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [FORWARD], { from: "" });
    await letLeave(alice);
    expect(await taken(peer)).toEqual([{ mail_from: "", rcpt_to: [ANN] }]);
  });

  it("of a message from nobody that fails is told to nobody", async () => {
    const peer = await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 Nobody here"] }] });
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [FORWARD], { from: "" });
    await letLeave(alice);
    expect((await peer.sessions()).length).toBe(1);
    expect(await reports(alice)).toEqual([]);
  });

  it("that fails is told to its owner alone, and its address gets no more", async () => {
    const peer = await relayThrough({ rules: [{ on: "RCPT", do: ["550 5.1.1 Nobody here"] }] });
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [FORWARD]);
    await letLeave(alice);
    expect(await reports(alice)).toHaveLength(1);
    await aLetterThatMakesLeave(alice, [FORWARD]);
    await makeFollowUps(alice);
    expect(await waitingFollowUps(alice)).toEqual([]);
    expect(await submissions(alice)).toHaveLength(1);
    expect((await peer.sessions()).length).toBe(1);
  });

  it("that comes back later is told by its token", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [FORWARD]);
    await letLeave(alice);
    const [envelope] = await taken(peer);
    const report = aLetter({ from: "postmaster@else.example", subject: "Undeliverable", body: `550 5.1.1 <${ANN}>` });
    await ingest("", envelope?.mail_from ?? "", report);
    expect((await alice.messages()).map(({ subject }) => subject)).toContain("Undeliverable");
  });

  it("waits while the account has sent half of what it may in a day, and leaves the day after", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await mailboxOf(alice, (box) => box.db.run("UPDATE account SET daily_recipients = 4"));
    for (let n = 0; n < 3; n++) await aLetterThatMakesLeave(alice, [FORWARD], { raw: aLetter() });
    await makeFollowUps(alice);
    expect(await submissions(alice)).toHaveLength(2);
    expect(await waitingFollowUps(alice)).toHaveLength(1);
    // The bytes that were made for it did not stay.
    expect(await storedBytes(alice)).toHaveLength(3 + 2);
    await peer.close();
  });

  it("is given up when its message is gone, or after four days", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await aLetterThatMakesLeave(alice, [FORWARD]);
    const [{ id } = { id: "" }] = await alice.messages();
    await alice.call("POST", "/messages/batch", { ids: [id], delete: true });
    await alice.call("POST", "/messages/batch", { ids: [id], delete: true });
    await makeFollowUps(alice);
    expect(await waitingFollowUps(alice)).toEqual([]);
  });
});

describe("an answer", () => {
  it("goes to the reverse-path from nobody, and says that it is automatic", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await aCheckedAccount();
    await aLetterThatMakesLeave(alice, [REPLY], { raw: aLetter({ subject: "A question", id: "q@far.example" }) });
    await letLeave(alice);
    expect(await taken(peer)).toEqual([{ mail_from: "", rcpt_to: [ZOE] }]);
    const sent = new TextDecoder().decode(await peer.body());
    expect(sent).toContain("Auto-Submitted: auto-replied\r\n");
    expect(sent).toContain("Subject: Auto: A question\r\n");
    expect(sent).toContain("In-Reply-To: <q@far.example>\r\n");
    expect(sent).toContain("References: <q@far.example>\r\n");
    expect(sent).toContain(`<${alice.email}>`);
  });

  it("that the day's limit does not let out is forgotten", async () => {
    queueForgets();
    const alice = await anAccount();
    await mailboxOf(alice, (box) => box.db.run("UPDATE account SET daily_recipients = 1"));
    await aLetterThatMakesLeave(alice, [REPLY]);
    await makeFollowUps(alice);
    expect(await waitingFollowUps(alice)).toEqual([]);
    expect(await submissions(alice)).toEqual([]);
  });
});

describe("in an account that may not send any more", () => {
  it("a forward waits, and an answer is forgotten", async () => {
    queueForgets();
    const alice = await anAccount();
    await mailboxOf(alice, (box) => box.db.run("UPDATE account SET sending_stopped_at = 1, sending_stopped_why = 'x'"));
    await aLetterThatMakesLeave(alice, [FORWARD, REPLY]);
    await makeFollowUps(alice);
    expect((await waitingFollowUps(alice)).map(({ kind }) => kind)).toEqual(["forward"]);
    expect(await submissions(alice)).toEqual([]);
  });
});

it("one message makes at most ten leave, and of a mailbox two hundred in an hour", async () => {
  queueForgets();
  const alice = await anAccount();
  const many = Array.from({ length: 12 }, (_, n) => ({ kind: "forward", to: `n${n}@else.example` }) as const);
  await aLetterThatMakesLeave(alice, many);
  expect(await waitingFollowUps(alice)).toHaveLength(10);
  await mailboxOf(alice, (box) => {
    const now = Date.now() * 1024;
    for (let n = 0; n < 195; n++) {
      box.db.run(`INSERT INTO submission (id, raw_key, mail_from, report_to, created_at, send_at)
        VALUES (${now + n}, 'x${n}', '', 'nobody', 0, 0)`);
    }
  });
  await makeFollowUps(alice);
  expect(await waitingFollowUps(alice)).toHaveLength(5);
});

describe.each([
  ["a forward", FORWARD],
  ["an answer", REPLY],
])("%s leaves once", (_what, wanted) => {
  const mailbox = (method: string, fault: Fault) => ({ MAILBOX: { [method]: fault } });
  const store = (method: string, fault: Fault) => ({ MAIL: { [method]: fault } });
  it.each([
    ["the question breaks", mailbox("followUp", breaks)],
    ["the answer to the question is lost", mailbox("followUp", losesAnswer)],
    ["the message cannot be read", store("get", breaks)],
    ["the bytes are not stored", store("put", breaks)],
    ["the bytes are stored and nobody hears of it", store("put", losesAnswer)],
    ["it is not handed in", mailbox("finishFollowUp", breaks)],
    ["it is handed in and nobody hears of it", mailbox("finishFollowUp", losesAnswer)],
  ])("although %s", async (_when, faults) => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [wanted]);
    await makeFollowUps(alice, faults).catch(() => undefined);
    await makeFollowUps(alice);
    await makeFollowUps(alice);
    await attemptAfter(1, alice.stub);
    await attemptAfter(120, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await submissions(alice)).toHaveLength(1);
  });

  it("although the queue loses it, and although it is there twice", async () => {
    const peer = await relayThrough();
    queueForgets();
    const alice = await anAccount();
    await aLetterThatMakesLeave(alice, [wanted]);
    await alarmAfter(1, alice.stub);
    const [lost] = await waitingFollowUps(alice);
    expect(lost).toMatchObject({ attempts: 1 });
    await alarmAfter(62, alice.stub);
    expect(await waitingFollowUps(alice)).toMatchObject([{ attempts: 2 }]);
    await Promise.all([makeFollowUps(alice), makeFollowUps(alice)]);
    await attemptAfter(120, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
    expect(await submissions(alice)).toHaveLength(1);
  });
});
