/** What waits to leave, as an operator sees it and acts on it. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { QueueRetried } from "../../contract/operator.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { anAccount, asAdmin, fetchMesh } from "./mesh.ts";
import {
  aDeferredSubmission,
  aDestination,
  directoryHears,
  inTheList,
  viewDestination,
  viewQueue,
} from "./operator.ts";
import { alarmAfter, attemptAfter, consume, relayThrough, reports, submissionOf, taken } from "./outgoing.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a submission that was put off", () => {
  it("is seen at its destination, with the server's words, and in the list of all", async () => {
    const alice = await aCheckedAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`, `ann@${name}`);
    const view = await viewDestination(name);
    expect(view).toMatchObject({
      ...{ destination: name, submissions: 1, recipients: 2, running: 0, next_cursor: null },
      causes: [{ status: "4.3.2", reply: expect.stringContaining("Come again later"), submissions: 1, recipients: 2 }],
      waiting: [{ user_id: alice.user_id, recipients: 2, status: "4.3.2" }],
    });
    await directoryHears(name);
    const listed = await inTheList(name);
    expect(listed).toMatchObject({ submissions: 1, recipients: 2, oldest_at: view.oldest_at, causes: view.causes });
    const { totals } = await viewQueue();
    expect(totals.recipients).toBeGreaterThanOrEqual(2);
    expect(totals.oldest_at).not.toBeNull();
  });

  it("is gone from the view when it has left", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`);
    await directoryHears(name);
    await relayThrough();
    await attemptAfter(5, alice.stub);
    expect(await viewDestination(name)).toMatchObject({ submissions: 0, recipients: 0, oldest_at: null, waiting: [] });
    await directoryHears(name);
    expect(await inTheList(name)).toBeUndefined();
  });

  it("keeps its age over its tries", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`);
    const { oldest_at } = await viewDestination(name);
    await attemptAfter(100, alice.stub);
    const view = await viewDestination(name);
    expect(view.oldest_at).toBe(oldest_at);
    expect(Date.parse(view.waiting[0]?.next_attempt_at ?? "")).toBeGreaterThan(Date.now() + 90_000);
  });

  it("is seen at each of its destinations", async () => {
    const alice = await anAccount();
    const [one, two] = [aDestination(), aDestination()];
    await aDeferredSubmission(alice, `bob@${one}`, `ann@${two}`);
    for (const name of [one, two]) expect(await viewDestination(name)).toMatchObject({ submissions: 1, recipients: 1 });
  });
});

describe("the view", () => {
  it("is asked after by the destination when nobody said what came of a submission", async () => {
    const name = aDestination();
    const stub = env.DESTINATION.getByName(name);
    const alice = await anAccount();
    const nothing = { recipients: 1, cause: null, next_attempt_at: Date.now() };
    await stub.waits(name, { user_id: alice.user_id, submission_id: 12_345, ...nothing });
    await stub.waits(name, { user_id: "u0000000000000000", submission_id: 1, ...nothing });
    expect(await viewDestination(name)).toMatchObject({ submissions: 2, causes: [{ status: "4.4.5" }] });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
    await runDurableObjectAlarm(stub);
    vi.useRealTimers();
    expect(await viewDestination(name)).toMatchObject({ submissions: 0 });
  });

  it("keeps what really waits, however late it is", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
    await runDurableObjectAlarm(env.DESTINATION.getByName(name));
    vi.useRealTimers();
    expect(await viewDestination(name)).toMatchObject({ submissions: 1, recipients: 1 });
  });

  it("comes in pages, the longest waiting first", async () => {
    const name = aDestination();
    const stub = env.DESTINATION.getByName(name);
    for (let submission_id = 1; submission_id <= 5; submission_id++) {
      const key = { user_id: "u0000000000000000", submission_id };
      await stub.waits(name, { ...key, recipients: 1, cause: null, next_attempt_at: Date.now() });
    }
    const ids: string[] = [];
    for (let query: string | null = "?limit=2"; query !== null; ) {
      const page = await viewDestination(name, query);
      expect(page.waiting.length).toBeLessThanOrEqual(2);
      ids.push(...page.waiting.map(({ id }) => id));
      query = page.next_cursor && `?limit=2&cursor=${page.next_cursor}`;
    }
    expect(ids).toEqual([1, 2, 3, 4, 5].map((n) => `u0000000000000000.${n}`));
  });

  it("lists the destinations with the most first, in pages", async () => {
    const names = [aDestination(), aDestination(), aDestination()];
    for (const [n, name] of names.entries()) {
      const key = { user_id: "u0000000000000000", submission_id: 1 };
      const waits = { ...key, recipients: 900_000 + n, cause: null, next_attempt_at: Date.now() };
      await env.DESTINATION.getByName(name).waits(name, waits);
      await directoryHears(name);
    }
    const first = await viewQueue("?limit=2");
    const second = await viewQueue(`?limit=1&cursor=${first.next_cursor}`);
    const listed = [...first.destinations, ...second.destinations].map(({ destination }) => destination);
    expect(listed).toEqual(names.toReversed());
    for (const name of names) {
      await env.DESTINATION.getByName(name).noLongerWaits(name, { user_id: "u0000000000000000", submission_id: 1 });
      await directoryHears(name);
    }
  });

  it("refuses what it does not understand, and is nobody's without the secret", async () => {
    const name = aDestination();
    expect(await problemAt(fetchMesh("/v1/admin/queue"))).toBe("unauthenticated");
    expect(await problemAt(asAdmin("GET", `/queue/${name}`))).toBe("not_found");
    expect(await problemAt(asAdmin("GET", "/queue/not%20a%20domain"))).toBe("not_found");
    expect(await problemAt(asAdmin("GET", "/queue?cursor=x"))).toBe("bad_cursor");
    expect(await problemAt(asAdmin("POST", `/queue/${name}/retry`))).toBe("not_found");
    for (const id of ["x", "u0000000000000000.1", `${(await anAccount()).user_id}.1`]) {
      expect(await problemAt(asAdmin("POST", `/queue/${name}/${id}/retry`))).toBe("not_found");
      expect(await problemAt(asAdmin("DELETE", `/queue/${name}/${id}`))).toBe("not_found");
    }
    expect((await asAdmin("GET", "/queue?limit=0")).status).toBe(400);
    await env.DESTINATION.getByName(name).count(name, { sent: 1 });
    expect(await problemAt(asAdmin("GET", `/queue/${name}?cursor=1.x`))).toBe("bad_cursor");
  });

  it("says what the platform says of its queues, or that it does not say", async () => {
    const { queues, dead_letters } = await viewQueue();
    for (const backlog of Object.values(queues)) {
      if (backlog !== null) expect(backlog.messages).toBeGreaterThanOrEqual(0);
    }
    expect(dead_letters).toBeGreaterThanOrEqual(0);
  });
});

describe("an operator", () => {
  it("has all that waits for a destination tried now", async () => {
    const alice = await aCheckedAccount();
    const name = aDestination();
    const { sent } = await aDeferredSubmission(alice, `bob@${name}`);
    const stub = env.DESTINATION.getByName(name);
    const before = await submissionOf(alice, sent);
    const peer = await relayThrough();
    expect(await ok(asAdmin("POST", `/queue/${name}/retry`), QueueRetried)).toEqual({ retried: 1, left: 0 });
    const after = await submissionOf(alice, sent);
    expect(Date.parse(after.next_attempt_at ?? "")).toBeLessThan(Date.parse(before.next_attempt_at ?? ""));
    expect((await stub.describe(null, 1))?.throttle).toMatchObject({ strikes: 0, concurrency: 5 });
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
    expect(await taken(peer)).toHaveLength(1);
  });

  it("has one submission tried now", async () => {
    const alice = await anAccount();
    const name = aDestination();
    const { sent } = await aDeferredSubmission(alice, `bob@${name}`);
    const [waits] = (await viewDestination(name)).waiting;
    await relayThrough();
    await done(asAdmin("POST", `/queue/${name}/${waits?.id}/retry`), 202);
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "sent" });
  });

  it("drops a submission at one destination; the sender is told, and the other goes on", async () => {
    const alice = await aCheckedAccount();
    const [name, other] = [aDestination(), aDestination()];
    const { sent } = await aDeferredSubmission(alice, `bob@${name}`, `ann@${other}`);
    const [waits] = (await viewDestination(name)).waiting;
    await done(asAdmin("DELETE", `/queue/${name}/${waits?.id}`));
    expect(await viewDestination(name)).toMatchObject({ submissions: 0 });
    expect(await problemAt(asAdmin("DELETE", `/queue/${name}/${waits?.id}`))).toBe("not_found");
    const peer = await relayThrough();
    await alarmAfter(0, alice.stub);
    await consume(alice.stub);
    const { recipients } = await submissionOf(alice, sent);
    expect(recipients.find(({ email }) => email === `bob@${name}`)).toMatchObject({
      ...{ state: "failed", status: "5.3.0", reply: "Dropped by the operator" },
    });
    expect((await taken(peer)).map(({ rcpt_to }) => rcpt_to)).toEqual([[`ann@${other}`]]);
    const [report, ...more] = await reports(alice);
    expect(more).toEqual([]);
    expect(report?.body).toContain(`bob@${name}`);
  });

  it("cannot drop what is being sent at this moment", async () => {
    const alice = await anAccount();
    const name = aDestination();
    await aDeferredSubmission(alice, `bob@${name}`);
    const [waits] = (await viewDestination(name)).waiting;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    expect(await alice.stub.claim(Number(waits?.id.split(".")[1]), "somebody")).not.toBeNull();
    expect(await problemAt(asAdmin("DELETE", `/queue/${name}/${waits?.id}`))).toBe("conflict");
    vi.useRealTimers();
  });
});
