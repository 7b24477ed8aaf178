/** What can still be done with a message that has not left: until a consumer has it, and not a moment longer. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { Submission, SubmissionPage } from "../../contract/submissions.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, eventually } from "./mesh.ts";
import {
  alarmAfter,
  attemptAfter,
  consume,
  newestJob,
  queueForgets,
  reaches,
  relayIsDown,
  relayThrough,
  send,
  submissionOf,
  taken,
} from "./outgoing.ts";

const BOB = "bob@far.example";
const ANN = "ann@far.example";
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

const patch = (account: Account, { submission_id }: { submission_id: string }, update: object) =>
  account.call("PATCH", `/submissions/${submission_id}`, update);
const put = (account: Account, { submission_id }: { submission_id: string }, message: object) =>
  account.call("PUT", `/submissions/${submission_id}/message`, message);
const undo = (account: Account, { submission_id }: { submission_id: string }) =>
  account.call("DELETE", `/submissions/${submission_id}`);

describe("another time", () => {
  it("moves a scheduled message back and forth, and it leaves then, once", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { send_at: inHours(2) });
    const later = inHours(48);
    expect(await ok(patch(alice, sent, { send_at: later }), Submission)).toMatchObject({
      ...{ send_at: later, next_attempt_at: later, state: "queued", can_undo: true },
    });
    await alarmAfter(3 * 3600, alice.stub);
    expect(await peer.sessions()).toEqual([]);
    await ok(patch(alice, sent, { send_now: true }), Submission);
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("that is past means now, and one a year ahead is a mistake", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { send_at: inHours(2) });
    for (const wrong of [{}, { send_at: inHours(1), send_now: true }, { send_now: false }, { send_at: "tomorrow" }]) {
      expect(await problemAt(patch(alice, sent, wrong))).toMatch(/^bad_request body/);
    }
    expect(await problemAt(patch(alice, sent, { send_at: inHours(24 * 400) }))).toBe("bad_request body.send_at");
    await ok(patch(alice, sent, { send_at: "2001-01-01T00:00:00Z" }), Submission);
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });
});

describe("another message", () => {
  it("takes the place of the scheduled one under the same ids, and only it leaves", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { subject: "First", body: "One.", send_at: inHours(2) });
    const thread = (await alice.open(sent.id)).thread_id;
    const at = inHours(5);
    const message = { to: [{ email: ANN }], bcc: [{ email: BOB }], subject: "Second", body: "Two.", send_at: at };
    const replaced = await ok(put(alice, sent, message), Submission);
    expect(replaced).toMatchObject({ id: sent.submission_id, message_id: sent.id, send_at: at, recipient_count: 2 });
    const copy = await alice.open(sent.id);
    expect(copy).toMatchObject({ subject: "Second", bcc: [{ email: BOB }], thread_id: thread, is_draft: false });
    expect((await alice.messages("sent")).map(({ subject }) => subject)).toEqual(["Second"]);
    expect(await alice.call("GET", "/search?q=first").then((answer) => answer.json())).toMatchObject({ messages: [] });
    await ok(patch(alice, sent, { send_now: true }), Submission);
    await reaches(alice, sent, "sent");
    expect((await taken(peer)).flatMap(({ rcpt_to }) => rcpt_to).sort()).toEqual([ANN, BOB]);
    const left = new TextDecoder().decode(await peer.body());
    expect([left.includes("Two."), left.includes("One.")]).toEqual([true, false]);
    await alarmAfter(60, alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
  });

  it("that is refused leaves the first as it was", async () => {
    const alice = await aCheckedAccount();
    const sent = await send(alice, [BOB], { subject: "First", send_at: inHours(2) });
    const before = await submissionOf(alice, sent);
    expect(await problemAt(put(alice, sent, { to: [{ email: "nobody" }] }))).toBe("invalid_recipients body.to.0.email");
    expect(await problemAt(put(alice, sent, { to: [] }))).toBe("invalid_recipients body.to");
    expect(await submissionOf(alice, sent)).toEqual(before);
    expect((await alice.open(sent.id)).subject).toBe("First");
  });

  it("needs the copy that it replaces", async () => {
    const alice = await aCheckedAccount();
    const sent = await send(alice, [BOB], { send_at: inHours(2) });
    for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${sent.id}`);
    expect(await problemAt(put(alice, sent, { to: [{ email: ANN }] }))).toBe("conflict");
    expect(await storedBytes(alice)).toHaveLength(1);
  });
});

describe("until a consumer has it", () => {
  it("a message can be taken back, also when its time has passed and it lies on the queue", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    await alarmAfter(1, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", can_undo: true });
    await done(undo(alice, sent));
    await consume(alice.stub);
    await attemptAfter(100, alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "cancelled", next_attempt_at: null });
    expect(await peer.sessions()).toEqual([]);
    expect(await alice.messages("drafts")).toHaveLength(1);
  });

  it("a message on the queue that is put off does not leave with the queue's message", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    await alarmAfter(1, alice.stub);
    await ok(patch(alice, sent, { send_at: inHours(1) }), Submission);
    await consume(alice.stub);
    expect(await peer.sessions()).toEqual([]);
    await attemptAfter(3_700, alice.stub);
    expect(await taken(peer)).toHaveLength(1);
  });

  it("and then nothing can be changed any more", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    await relayIsDown();
    const sent = await send(alice, [BOB]);
    await attemptAfter(0, alice.stub);
    const before = await submissionOf(alice, sent);
    expect(before).toMatchObject({ state: "deferred", can_undo: false });
    expect(await problemAt(undo(alice, sent))).toBe("too_late");
    expect(await problemAt(patch(alice, sent, { send_now: true }))).toBe("too_late");
    expect(await problemAt(put(alice, sent, { to: [{ email: ANN }] }))).toBe("too_late");
    expect(await submissionOf(alice, sent)).toEqual(before);
    expect(await storedBytes(alice)).toHaveLength(1);
    const cancelled = await send(alice, [BOB], { undo_seconds: 60 });
    await done(undo(alice, cancelled));
    expect(await problemAt(undo(alice, cancelled))).toBe("too_late");
    expect(await problemAt(patch(alice, cancelled, { send_now: true }))).toBe("too_late");
  });
});

const domainOf = ({ email }: Account): string => email.slice(email.indexOf("@"));

describe("a race between the owner and a consumer", () => {
  it("is won by one of them, and both know who", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    let left = 0;
    for (let n = 0; n < 12; n++) {
      const sent = await send(alice, [BOB], { subject: `${n}`, undo_seconds: 60 });
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
      const [, undone] = await Promise.all([
        runDurableObjectAlarm(alice.stub).then(() => consume(alice.stub)),
        new Promise((resolve) => setTimeout(resolve, n % 4)).then(() => undo(alice, sent)),
      ]);
      vi.useRealTimers();
      const state = undone.status === 204 ? "cancelled" : "sent";
      expect([204, 409]).toContain(undone.status);
      await reaches(alice, sent, state);
      if (state === "sent") left++;
      // What another test put off may come to the same relay now.
      const ours = (await taken(peer)).filter(({ mail_from }) => mail_from.endsWith(domainOf(alice)));
      expect(ours.length).toBe(left);
    }
  });

  it("gives the consumer the old message or the new one, never half of each", async () => {
    const alice = await aCheckedAccount();
    queueForgets();
    const peer = await relayThrough();
    for (let n = 0; n < 6; n++) {
      const sent = await send(alice, [BOB], { body: "Old.", undo_seconds: 60 });
      const job = await newestJob(alice.stub);
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
      const [answer] = await Promise.all([
        put(alice, sent, { to: [{ email: ANN }], body: "New.", undo_seconds: 0 }),
        new Promise((resolve) => setTimeout(resolve, 4 * n)).then(() => alice.stub.claim(job.submission_id, "x")),
      ]);
      const isReplaced = answer.status === 200;
      expect([200, 409]).toContain(answer.status);
      const { recipients } = await submissionOf(alice, sent);
      expect(recipients.map(({ email }) => email)).toEqual([isReplaced ? ANN : BOB]);
      expect((await alice.open(sent.id)).body.trim()).toBe(isReplaced ? "New." : "Old.");
      vi.useRealTimers();
    }
    expect(await peer.sessions()).toEqual([]);
  });
});

it("a message leaves although its owner logged out", async () => {
  const alice = await aCheckedAccount();
  const peer = await relayThrough();
  await send(alice, [BOB], { undo_seconds: 1 });
  await done(alice.call("DELETE", "/sessions/current"));
  await eventually(async () => (await taken(peer)).length === 1);
});

describe("the list", () => {
  it("shows what waits, what failed, and everything, newest first and in pages", async () => {
    const alice = await aCheckedAccount();
    await relayThrough({ rules: [{ on: "RCPT TO:<bad", do: ["550 5.1.1 No"] }] });
    const ids: Record<"open" | "failed" | "sent", string[]> = { open: [], failed: [], sent: [] };
    for (let n = 0; n < 5; n++) {
      const [good, bad] = [await send(alice, [BOB]), await send(alice, [`bad${n}@far.example`, BOB])];
      await reaches(alice, good, "sent");
      await reaches(alice, bad, "failed");
      ids.sent.unshift(good.submission_id);
      ids.failed.unshift(bad.submission_id);
      ids.open.unshift((await send(alice, [BOB], { send_at: inHours(1) })).submission_id);
    }
    const list = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const path = `/submissions?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const page: SubmissionPage = await ok(alice.call("GET", path), SubmissionPage);
        found.push(...page.submissions.map(({ id }) => id));
        cursor = page.next_cursor;
      }
      return found;
    };
    await eventually(async () => (await list("state=open")).length === 5);
    for (const limit of [1, 2, 5, 100]) {
      expect(await list(`state=open&limit=${limit}`)).toEqual(ids.open);
      expect(await list(`state=failed&limit=${limit}`)).toEqual(ids.failed);
      const all = await list(`limit=${limit}`);
      expect(all.toSorted()).toEqual([...ids.open, ...ids.failed, ...ids.sent].toSorted());
      expect(all.filter((id) => ids.open.includes(id))).toEqual(ids.open);
    }
    expect(await problemAt(alice.call("GET", "/submissions?state=lost"))).toBe("bad_request query.state");
    expect(await problemAt(alice.call("GET", "/submissions?cursor=x"))).toBe("bad_cursor query.cursor");
  });

  it("shows of many recipients the first, and how many there are", async () => {
    const alice = await aCheckedAccount();
    const many = Array.from({ length: 45 }, (_, n) => `n${n}@far.example`);
    const sent = await send(alice, many, { send_at: inHours(1) });
    const { submissions } = await ok(alice.call("GET", "/submissions"), SubmissionPage);
    expect(submissions).toMatchObject([{ recipient_count: 45, state: "queued" }]);
    expect(submissions[0]?.recipients).toHaveLength(20);
    expect((await submissionOf(alice, sent)).recipients).toHaveLength(45);
  });
});
