/**
 * Every fault of a relay that SMTP lets happen, through the API: what becomes of the recipient, and how many copies
 * arrived. The relay is faulty first, then well; what was only deferred has arrived exactly once by then, what was
 * refused for good never, and only a lost answer to the last dot may have made a second copy, which the submission counts.
 */
import { describe, expect, it } from "vitest";
import type { Rule } from "../smtp-peers/script.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { eventually } from "./mesh.ts";
import {
  attemptAfter,
  queueForgets,
  reaches,
  relayIsDown,
  relayThrough,
  reports,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";
type Case = [what: string, script: Parameters<typeof relayThrough>[0]];

const says = (on: string, reply: string): Rule => ({ on, do: [reply] });
const hangsUp = (on: string, how: "end" | "reset" = "end"): Rule => ({ on, do: [{ close: how }] });

/** Nothing was handed over: tried again, it arrives once. */
const DEFERRED: Case[] = [
  ["421 on greeting", { rules: [says("CONNECT", "421 4.3.2 Too busy")] }],
  ["554 on greeting, which is about us", { rules: [says("CONNECT", "554 5.7.1 No service")] }],
  ["451 to EHLO", { rules: [says("EHLO", "451 4.3.0 Later")] }],
  ["550 to EHLO and HELO", { rules: [says("EHLO", "550 5.7.1 No"), says("HELO", "550 5.7.1 No")] }],
  ...["MAIL", "RCPT", "DATA", "."].flatMap((on): Case[] => [
    [`451 to ${on}`, { rules: [says(on, "451 4.7.1 Greylisted")] }],
    [`421 to ${on}`, { rules: [says(on, "421 4.3.2 Closing")] }],
  ]),
  ...["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"].flatMap((on): Case[] => [
    [`the end of the connection at ${on}`, { rules: [hangsUp(on)] }],
    [`a reset at ${on}`, { rules: [hangsUp(on, "reset")] }],
  ]),
  ["a reset in the middle of the data", { during_data: { after_bytes: 1000, do: [{ close: "reset" }] } }],
  ["STARTTLS that hangs up", { tls: "handshake_closes" }],
  ["STARTTLS with a certificate of nobody", { tls: "starttls", certificate: "unknown_ca" }],
  ["a greeting without an end", { rules: [{ on: "CONNECT", do: [{ flood: "220-x", bytes: 200_000 }] }] }],
  ["a line that never ends to MAIL", { rules: [{ on: "MAIL", do: [{ flood: "2", bytes: 200_000 }] }] }],
  ["nonsense to MAIL", { rules: [says("MAIL", "What is this?")] }],
  ["354 to RCPT", { rules: [says("RCPT", "354 Go on")] }],
  ["250 to DATA", { rules: [says("DATA", "250 2.0.0 Fine")] }],
];

const FAILED: Case[] = ["MAIL", "RCPT", "DATA", "."].map((on) => [
  `550 to ${on}`,
  { rules: [says(on, "550 5.7.1 Never")] },
]);

/** The relay had the whole message, and its answer never came or meant nothing. */
const UNCERTAIN: Case[] = [
  ["the end after the last dot", { rules: [hangsUp(".")] }],
  ["a reset after the last dot", { rules: [hangsUp(".", "reset")] }],
  ["nonsense after the last dot", { rules: [says(".", "Thanks!")] }],
  ["354 after the last dot", { rules: [says(".", "354 More, please")] }],
];

async function whenWell(script: Parameters<typeof relayThrough>[0]) {
  const alice = await aCheckedAccount();
  queueForgets();
  const faulty = await relayThrough(script);
  // Long enough that the end has not left when a relay breaks off in the middle.
  const body = script?.during_data === undefined ? "Hello" : "A line of many.\n".repeat(200_000);
  const sent = await send(alice, [BOB], { body });
  await attemptAfter(0, alice.stub);
  const first = await submissionOf(alice, sent);
  const well = await relayThrough();
  await attemptAfter(30, alice.stub);
  return { alice, first, faulty, well, last: await submissionOf(alice, sent) };
}

/** The faulty relay saw the last dot of these messages, and has refused them in so many words. */
const isRefusedAtEnd = (what: string) => what.endsWith(" to .");

describe("a relay that answers with", () => {
  it.each(DEFERRED)("%s defers, and the message arrives once when it is well", async (what, script) => {
    const { first, last, faulty, well } = await whenWell(script);
    expect(first).toMatchObject({ state: "deferred", recipients: [{ attempts: 1, uncertain_attempts: 0 }] });
    expect(first.recipients[0]?.status).toMatch(/^4\.\d\.\d+$/);
    expect(last).toMatchObject({ state: "sent", next_attempt_at: null, recipients: [{ uncertain_attempts: 0 }] });
    // Where MAIL was refused and DATA taken all the same, the client ended it with nothing (RFC 2920 §3.1).
    const whole = (await taken(faulty)).filter(({ mail_from }) => mail_from !== "");
    if (!isRefusedAtEnd(what)) expect(whole).toEqual([]);
    expect(await taken(well)).toHaveLength(1);
  });

  it.each(FAILED)("%s fails, is told, and is not tried again", async (_what, script) => {
    const { alice, first, last, well } = await whenWell(script);
    expect(first).toMatchObject({ state: "failed", next_attempt_at: null });
    expect(last).toMatchObject({ state: "failed", recipients: [{ attempts: 1, uncertain_attempts: 0 }] });
    expect(await taken(well)).toEqual([]);
    expect(await reports(alice)).toHaveLength(1);
  });

  it.each(UNCERTAIN)("%s is uncertain: two copies at most, the same, and counted", async (_what, script) => {
    const { first, last, faulty, well } = await whenWell(script);
    expect(first).toMatchObject({ state: "uncertain", recipients: [{ uncertain_attempts: 1 }] });
    expect(last).toMatchObject({ state: "sent", recipients: [{ uncertain_attempts: 1, attempts: 2 }] });
    expect([(await taken(faulty)).length, (await taken(well)).length]).toEqual([1, 1]);
    expect(await well.body()).toEqual(await faulty.body());
  });
});

describe("a relay that", () => {
  it("is down, and then up, gets the message once, by real retries", async () => {
    const alice = await aCheckedAccount();
    await relayIsDown();
    const sent = await send(alice, [BOB]);
    await reaches(alice, sent, "deferred");
    const peer = await relayThrough();
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("is slow at each step gets it once", async () => {
    const alice = await aCheckedAccount();
    const slow = (on: string, reply: string): Rule => ({ on, do: [{ pause_ms: 150 }, reply] });
    const peer = await relayThrough({
      rules: [
        slow("CONNECT", "220 slow"),
        slow("MAIL", "250 ok"),
        slow("RCPT", "250 ok"),
        slow("DATA", "354 go"),
        slow(".", "250 ok"),
      ],
    });
    const sent = await send(alice, [BOB]);
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("hangs up after its answer has taken the message", async () => {
    const { first, faulty, well } = await whenWell({ rules: [{ on: ".", do: ["250 2.0.0 Ok", { close: "end" }] }] });
    expect(first).toMatchObject({ state: "sent", recipients: [{ uncertain_attempts: 0 }] });
    expect([(await taken(faulty)).length, (await taken(well)).length]).toEqual([1, 0]);
  });

  it("refuses half of the recipients sends to the others once, and reports the half", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough({ rules: [{ on: "RCPT TO:<bad", do: ["550 5.1.1 No"] }] });
    // Few enough that the account is not stopped for its bounces.
    const [good, bad] = ["good", "bad"].map((name) => Array.from({ length: 9 }, (_, n) => `${name}${n}@far.example`));
    const sent = await send(alice, [...(good ?? []), ...(bad ?? []), ANN]);
    const { recipients } = await reaches(alice, sent, "failed");
    expect(
      recipients
        .filter(({ state }) => state === "failed")
        .map(({ email }) => email)
        .sort(),
    ).toEqual(bad?.toSorted());
    expect((await taken(peer)).flatMap(({ rcpt_to }) => rcpt_to).sort()).toEqual([...(good ?? []), ANN].toSorted());
    expect(await eventually(async () => (await reports(alice)).length)).toBe(1);
  });
});
