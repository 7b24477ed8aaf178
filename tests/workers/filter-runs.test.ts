/** A filter over the mail that is here already: in steps, through crashes, and no message twice. */
import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Changes } from "../../contract/changes.ts";
import { Filter, FilterRun, FilterRunList } from "../../contract/filters.ts";
import { advanceRuns } from "../../durable-objects/mailbox/advance-runs.ts";
import { tidy } from "../../durable-objects/mailbox/housekeeping.ts";
import { filter_run } from "../../schema/mailbox/tables.ts";
import { ok, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, anAccount, eventually, ingest, lines } from "./mesh.ts";
import { queueForgets, send } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const make = (account: Account, conditions: object, actions: object): Promise<Filter> =>
  ok(account.call("POST", "/filters", { conditions, actions }), Filter, 201);

const start = (account: Account, { id }: Filter): Promise<FilterRun> =>
  ok(account.call("POST", `/filters/${id}/runs`), FilterRun, 202);

const read = (account: Account, { id, filter_id }: FilterRun): Promise<FilterRun> =>
  ok(account.call("GET", `/filters/${filter_id}/runs/${id}`), FilterRun);

/** The run, once it is over: by the alarm, with no hand of the test's. */
const over = (account: Account, run: FilterRun): Promise<FilterRun> =>
  eventually(async () => {
    const now = await read(account, run);
    return now.state !== "running" && now;
  }, 20);

async function letters(account: Account, count: number, extra = (_n: number) => ""): Promise<void> {
  for (let n = 0; n < count; n++) {
    await ingest(ZOE, account.email, aLetter({ subject: n % 2 === 0 ? "even" : "odd", extra: extra(n) }));
  }
}

describe("a run", () => {
  it("does it to all that match, in several steps, and says how far it is", async () => {
    const alice = await aCheckedAccount();
    await letters(alice, 61);
    const filter = await make(alice, { query: "subject:even" }, { archive: true, is_read: true });
    const { state } = await ok(alice.call("GET", "/changes"), Changes);
    const run = await start(alice, filter);
    expect(run).toMatchObject({ state: "running", messages: 61, filter_id: filter.id });
    expect(await over(alice, run)).toMatchObject({ state: "done", looked_at: 61, matched: 31, changed: 31 });
    expect(await alice.messages("archive")).toHaveLength(31);
    expect(await alice.messages("inbox")).toHaveLength(30);
    const changes = await ok(alice.call("GET", `/changes?since=${state}`), Changes);
    expect(changes.message.changed).toHaveLength(31);
    // Again: all are so already.
    expect(await over(alice, await start(alice, filter))).toMatchObject({ matched: 31, changed: 0 });
    const { runs } = await ok(alice.call("GET", `/filters/${filter.id}/runs`), FilterRunList);
    expect(runs).toHaveLength(2);
  });

  it("reads headers from the stored bytes, and goes on where some are gone", async () => {
    const alice = await anAccount();
    await letters(alice, 30, (n) => lines(`X-Third: ${n % 3 === 0}`));
    const [gone = ""] = await storedBytes(alice);
    await env.MAIL.delete(gone);
    const headers = [{ field: "x-third", match: "is", value: "true" }];
    const run = await start(alice, await make(alice, { headers }, { is_flagged: true }));
    expect(await over(alice, run)).toMatchObject({
      state: "done",
      looked_at: 30,
      matched: 9,
      changed: 9,
      unreadable: 1,
    });
    expect(await alice.messages("flagged")).toHaveLength(9);
  });

  it("neither forwards nor answers, and leaves alone what its owner wrote", async () => {
    queueForgets();
    const alice = await aCheckedAccount();
    await send(alice, [ZOE], { subject: "even" });
    await alice.call("POST", "/drafts", { subject: "even" });
    await letters(alice, 1);
    const actions = { is_flagged: true, forward_to: ["ann@else.example"], reply: { body: "Thanks" } };
    const run = await start(alice, await make(alice, { query: "subject:even" }, actions));
    expect(await over(alice, run)).toMatchObject({ matched: 1, changed: 1 });
    const only = await make(alice, { query: "subject:even" }, { forward_to: ["ann@else.example"] });
    expect(await problemOf(alice.call("POST", `/filters/${only.id}/runs`))).toMatchObject({ reason: "conflict" });
  });

  it("ends when it is cancelled, or its filter is deleted, and what was done stays", async () => {
    const alice = await aCheckedAccount();
    await letters(alice, 60);
    const filter = await make(alice, { query: "from:zoe" }, { archive: true });
    const run = await start(alice, filter);
    await ok(alice.call("DELETE", `/filters/${filter.id}/runs/${run.id}`), FilterRun);
    const cancelled = await over(alice, run);
    expect(cancelled.state).toBe("cancelled");
    expect(await alice.messages("archive")).toHaveLength(cancelled.changed);
    const other = await start(alice, filter);
    await alice.call("DELETE", `/filters/${filter.id}`);
    expect((await alice.call("GET", `/filters/${filter.id}/runs/${other.id}`)).status).toBe(200);
    expect((await read(alice, other)).state).not.toBe("running");
  });

  it("is one of three at once, and somebody else's is none", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    const filter = await make(alice, { query: "from:zoe" }, { archive: true });
    // Before the alarm has rung.
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => alice.call("POST", `/filters/${filter.id}/runs`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 409]);
    const run = FilterRun.parse(await answers[0]?.json());
    const theirs = await make(bob, { query: "from:zoe" }, { archive: true });
    for (const id of [filter.id, theirs.id]) {
      expect((await bob.call("GET", `/filters/${id}/runs/${run.id}`)).status).toBe(404);
      expect((await bob.call("DELETE", `/filters/${id}/runs/${run.id}`)).status).toBe(404);
    }
  });

  it("that R2 does not answer goes on later, and through a crash between any two steps", async () => {
    const alice = await aCheckedAccount();
    await letters(alice, 60, (n) => lines(`X-N: ${n}`));
    const filter = await make(
      alice,
      { headers: [{ field: "x-n", match: "exists" }] },
      { archive: true, keywords: ["done"] },
    );
    const run = await start(alice, filter);
    await mailboxOf(alice, async (box, _storage, objectEnv) => {
      let reads = 0;
      const get = (...args: Parameters<typeof env.MAIL.get>) =>
        ++reads > 40 ? Promise.reject(new Error("injected")) : objectEnv.MAIL.get(...args);
      const broken = {
        ...objectEnv,
        MAIL: new Proxy(objectEnv.MAIL, { get: (bucket, name) => (name === "get" ? get : Reflect.get(bucket, name)) }),
      };
      for (let n = 0; n < 3; n++) {
        await advanceRuns(box, broken, Date.now()).catch(() => undefined);
      }
    });
    await evictDurableObject(alice.stub);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
    for (let n = 0; n < 5; n++)
      await mailboxOf(alice, (box, _storage, objectEnv) => advanceRuns(box, objectEnv, Date.now()));
    vi.useRealTimers();
    const done = await over(alice, run);
    expect(done).toMatchObject({ state: "done", looked_at: 60, matched: 60, changed: 60, unreadable: 0 });
    expect(await alice.messages("archive")).toHaveLength(60);
  });

  it("that can never go on fails in the end, and is forgotten after thirty days", async () => {
    const alice = await anAccount();
    await letters(alice, 1);
    const filter = await make(alice, { headers: [{ field: "x-n", match: "exists" }] }, { archive: true });
    const run = await start(alice, filter);
    await over(alice, run);
    await mailboxOf(alice, async (box, storage, objectEnv) => {
      const [row] = box.db.select().from(filter_run).all();
      const progress = { ...row?.progress, failures: 20, below: Number.MAX_SAFE_INTEGER };
      box.db.update(filter_run).set({ state: "running", next_attempt_at: 1, progress }).run();
      await advanceRuns(box, objectEnv, Date.now());
      expect(box.db.select().from(filter_run).all()).toMatchObject([{ state: "failed", next_attempt_at: null }]);
      storage.kv.put("tidy_at", 0);
      tidy(box, storage, objectEnv, Date.now() + 31 * 24 * 3_600_000);
      expect(box.db.select().from(filter_run).all()).toEqual([]);
    });
  });
});
