/**
 * Mail that is acknowledged is never lost and is in the mailbox exactly once, whatever breaks and wherever. The peers
 * acknowledge, then store: what is too large for the store, or comes while it is full, is gone.
 */
import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { waitingKey } from "../../contract/r2-keys.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting, sweepWaiting } from "../../workers/inbound/waiting-letters.ts";
import worker from "../../workers/index.ts";
import { INBOUND_QUEUE } from "../../workers/queues/dead-letters.ts";
import { discardRaw } from "../../workers/storage/raw-messages.ts";
import { short } from "./answers.ts";
import { DOORS } from "./doors.ts";
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
import { type Account, aLetter, anAccount, eventually, ingest, ingestRaw } from "./mesh.ts";

const ZOE = "zoe@far.example";

const accept = async (faults: Parameters<typeof withFaults>[0], account: Account, raw: string) => {
  const bytes = new Uint8Array(new TextEncoder().encode(raw));
  return short(await acceptMail(withFaults(faults), { mail_from: ZOE, rcpt_to: [account.email] }, bytes, {}));
};

/** The one message, with its one object in R2 and nothing that waits. */
async function expectOnce(account: Account, subject = "Hello"): Promise<void> {
  await eventually(async () => (await account.messages()).length > 0 && (await waitingNotes(account)).length === 0);
  expect((await account.messages()).map((message) => message.subject)).toEqual([subject]);
  const [message] = await account.messages();
  expect((await account.call("GET", `/messages/${message?.id}/raw`)).status).toBe(200);
  expect(await storedBytes(account)).toHaveLength(1);
}

describe("a Mailbox that does not answer", () => {
  it("gets the letter later, by the queue, once", async () => {
    const alice = await anAccount();
    expect(await accept({ MAILBOX: { deliver: breaks } }, alice, aLetter())).toEqual(["accepted"]);
    await expectOnce(alice);
  });

  it("gets it once although the queue repeats", async () => {
    const alice = await anAccount();
    await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }, alice, aLetter());
    expect(await alice.messages()).toEqual([]);
    const [waiting_key = ""] = await waitingNotes(alice);
    const jobs = ["a", "b", "c"].map((id) => ({ id, timestamp: Date.now(), attempts: 1, body: { waiting_key } }));
    await worker.queue(createMessageBatch(INBOUND_QUEUE, jobs), env);
    await worker.queue(createMessageBatch(INBOUND_QUEUE, jobs), env);
    await expectOnce(alice);
  });

  it("gets it by the sweep when the queue does not answer either", async () => {
    const alice = await anAccount();
    expect(await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: breaks } }, alice, aLetter())).toEqual([
      "accepted",
    ]);
    expect(await waitingNotes(alice)).toHaveLength(1);
    expect(await alice.messages()).toEqual([]);
    await sweepWaiting(env);
    await expectOnce(alice);
  });

  it("and has taken the letter all the same has it once, with its bytes", async () => {
    const alice = await anAccount();
    expect(await accept({ MAILBOX: { deliver: losesAnswer } }, alice, aLetter())).toEqual(["accepted"]);
    await expectOnce(alice);
  });

  it("has one copy when the sender comes again meanwhile, and no bytes are left of the other", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }, alice, letter);
    await ingest(ZOE, alice.email, letter);
    expect(await storedBytes(alice)).toHaveLength(2);
    await sweepWaiting(env);
    await expectOnce(alice);
  });

  it("gets the letter's place in time, not that of its late delivery", async () => {
    const alice = await anAccount();
    await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }, alice, aLetter({ subject: "Late" }));
    await ingest(ZOE, alice.email, aLetter({ subject: "Prompt" }));
    await sweepWaiting(env);
    await eventually(async () => (await alice.messages()).length === 2);
    expect((await alice.messages()).map(({ subject }) => subject)).toEqual(["Prompt", "Late"]);
  });

  it("does not hold up the letter's other recipients", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const { MAILBOX } = withFaults({ MAILBOX: { deliver: only(1, breaks) } });
    const bytes = new Uint8Array(new TextEncoder().encode(aLetter()));
    const envelope = { mail_from: ZOE, rcpt_to: [alice.email, bob.email] };
    expect(short(await acceptMail({ ...env, MAILBOX }, envelope, bytes, {}))).toEqual(["accepted", "accepted"]);
    for (const account of [alice, bob]) await expectOnce(account);
  });
});

describe("a note whose bytes are gone", () => {
  it("is of a letter that was delivered and deleted since: it goes", async () => {
    const alice = await anAccount();
    await accept({ MAILBOX: { deliver: losesAnswer }, INBOUND: { send: loses } }, alice, aLetter());
    const [waiting_key = ""] = await waitingNotes(alice);
    const [raw_key = ""] = await storedBytes(alice);
    await discardRaw(env, alice.user_id, raw_key);
    await deliverWaiting(env, { waiting_key });
    expect(await waitingNotes(alice)).toEqual([]);
  });
});

describe("a store that does not answer", () => {
  it("acknowledges nothing: the sender keeps the mail and comes again", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await expect(accept({ MAIL: { put: breaks } }, alice, letter)).rejects.toThrow("injected");
    expect(await alice.messages()).toEqual([]);
    expect(await accept({}, alice, letter)).toEqual(["accepted"]);
    await expectOnce(alice);
  });

  it("is a 5xx at the door", async () => {
    const alice = await anAccount();
    const { MAIL } = env;
    env.MAIL = withFaults({ MAIL: { put: breaks } }).MAIL;
    const answer = await ingestRaw(ZOE, alice.email, aLetter()).finally(() => (env.MAIL = MAIL));
    expect(answer.status).toBe(500);
    expect(await alice.messages()).toEqual([]);
  });

  it("is an exception at the door behind Cloudflare MX, which makes the sender come again", async () => {
    const alice = await anAccount();
    const [, [, door]] = DOORS;
    const { MAIL } = env;
    env.MAIL = withFaults({ MAIL: { put: breaks } }).MAIL;
    await expect(door(ZOE, [alice.email], aLetter()).finally(() => (env.MAIL = MAIL))).rejects.toThrow("injected");
    expect(await alice.messages()).toEqual([]);
  });

  it("and lost only the answer has bytes that nothing refers to, and the resent letter once", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await expect(accept({ MAIL: { put: losesAnswer } }, alice, letter)).rejects.toThrow("injected");
    expect(await accept({}, alice, letter)).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("so that not even the note can be written, acknowledges nothing", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    const faults = { MAILBOX: { deliver: breaks }, MAIL: { put: whenKey("waiting/", breaks) } };
    await expect(accept(faults, alice, letter)).rejects.toThrow("injected");
    expect(await accept({}, alice, letter)).toEqual(["accepted"]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("for one of two recipients acknowledges neither, and the resent letter is in both once", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const letter = aLetter();
    const bytes = new Uint8Array(new TextEncoder().encode(letter));
    const envelope = { mail_from: ZOE, rcpt_to: [alice.email, bob.email] };
    const faulty = withFaults({ MAIL: { put: only(2, breaks) } });
    await expect(acceptMail(faulty, envelope, bytes, {})).rejects.toThrow("injected");
    await ingest(ZOE, [alice.email, bob.email], letter);
    await eventually(async () => (await storedBytes(alice)).length === 1);
    for (const account of [alice, bob]) await expectOnce(account);
  });
});

describe("a crash", () => {
  // Each breaks off at another step, as if the process had ended there. The sender got no answer and comes again.
  const steps: [step: string, faults: Parameters<typeof withFaults>[0]][] = [
    ["before anything is stored", { MAIL: { put: breaks } }],
    ["after the bytes are stored", { MAILBOX: { deliver: breaks }, MAIL: { put: whenKey("waiting/", breaks) } }],
    ["after the delivery", { MAILBOX: { deliver: losesAnswer }, MAIL: { put: whenKey("waiting/", breaks) } }],
    ["after the note", { MAILBOX: { deliver: breaks }, INBOUND: { send: breaks } }],
    ["after the delivery and the note", { MAILBOX: { deliver: losesAnswer }, INBOUND: { send: breaks } }],
  ];

  it.each(steps)("%s, and the letter is there once when the sender has come again", async (_step, faults) => {
    const alice = await anAccount();
    const letter = aLetter();
    await accept(faults, alice, letter).catch(() => "no answer");
    await ingest(ZOE, alice.email, letter);
    await sweepWaiting(env);
    await eventually(async () => (await waitingNotes(alice)).length === 0);
    expect(await alice.messages()).toHaveLength(1);
    const [message] = await alice.messages();
    expect((await alice.call("GET", `/messages/${message?.id}/raw`)).status).toBe(200);
  });

  it("between a late delivery and the end of its note is repeated harmlessly", async () => {
    const alice = await anAccount();
    await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }, alice, aLetter());
    const [waiting_key = ""] = await waitingNotes(alice);
    await expect(deliverWaiting(withFaults({ MAIL: { delete: breaks } }), { waiting_key })).rejects.toThrow("injected");
    await deliverWaiting(env, { waiting_key });
    await expectOnce(alice);
  });

  it("between taking a repeat's bytes back and the end of its note is repeated harmlessly", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await accept({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } }, alice, letter);
    await ingest(ZOE, alice.email, letter);
    const [waiting_key = ""] = await waitingNotes(alice);
    const faulty = withFaults({ MAIL: { delete: whenKey("waiting/", breaks) } });
    await expect(deliverWaiting(faulty, { waiting_key })).rejects.toThrow("injected");
    await deliverWaiting(env, { waiting_key });
    await expectOnce(alice);
  });
});

describe("the sweep", () => {
  it("does not flood the queue with letters that have waited for long", async () => {
    const alice = await anAccount();
    await env.MAIL.put(waitingKey(alice.user_id, "stuck"), "{}");
    const swept = async (minutes: number) => {
      const keys: string[] = [];
      const sendBatch: Fault = async (_real, [jobs]) => {
        keys.push(...(jobs as { body: { waiting_key: string } }[]).map(({ body }) => body.waiting_key));
      };
      await sweepWaiting(withFaults({ INBOUND: { sendBatch } }), Date.now() + minutes * 60_000);
      return keys.some((key) => key.startsWith(`waiting/${alice.user_id}/`));
    };
    const day = await Promise.all(Array.from({ length: 24 * 60 }, (_, minute) => swept(minute + 0.5)));
    expect(day.slice(0, 10)).not.toContain(false);
    expect(day.filter((wasSwept) => wasSwept)).toHaveLength(10 + 23);
    await env.MAIL.delete(waitingKey(alice.user_id, "stuck"));
  });
});
