/** Imports that are broken off, whatever breaks and wherever: afterwards each message is there exactly once. */
import { createMessageBatch, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { describe, expect, it } from "vitest";
import { importPrefix } from "../../contract/r2-keys.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { runImport } from "../../workers/archive/run-import.ts";
import worker from "../../workers/index.ts";
import { INBOUND_QUEUE } from "../../workers/queues/dead-letters.ts";
import { breaks, type Fault, loses, losesAnswer, only, whenKey, withFaults } from "./faults.ts";
import { anEntry, anMbox, over, putPart, read, upload } from "./import-files.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, eventually } from "./mesh.ts";

const COUNT = 120;
const MBOX = anMbox(...Array.from({ length: COUNT }, (_, n) => anEntry({ id: `no-${n}`, subject: `No. ${n}` })));

const inMailbox = <T>(account: Account, work: (db: ReturnType<typeof open>) => T): Promise<T> =>
  runInDurableObject(account.stub, (_object, { storage }) => work(open(storage)));
const open = (storage: DurableObjectStorage) => drizzle(storage, { schema: tables });

const jobRow = (account: Account) =>
  inMailbox(account, (db) => {
    const row = db.select().from(tables.import_job).get();
    if (row === undefined) throw new Error("no import");
    return row;
  });

const jobOf = async (account: Account) => ({
  import: { user_id: account.user_id, number: Number((await jobRow(account)).id) },
});

/** The import's time has come: its lease ran out, or the queue lost it. */
async function makeDue(account: Account): Promise<void> {
  const { id } = await jobRow(account);
  await inMailbox(account, (db) => {
    db.update(tables.import_job)
      .set({ next_attempt_at: Date.now() - 1 })
      .where(eq(tables.import_job.id, id))
      .run();
  });
}

/** An uploaded file whose first slice is worked on with these faults, and which then goes on by itself. */
async function importWith(account: Account, faults: Parameters<typeof withFaults>[0]) {
  const { id } = await upload(account, MBOX);
  await runImport(withFaults(faults), await jobOf(account)).catch(() => "the Worker died");
  await makeDue(account);
  await runDurableObjectAlarm(account.stub);
  return over(account, id);
}

async function expectEachOnce(account: Account): Promise<void> {
  const subjects = await inMailbox(account, (db) =>
    db.select({ subject: tables.message.subject }).from(tables.message).all(),
  );
  expect(subjects.map(({ subject }) => subject).sort()).toEqual(
    Array.from({ length: COUNT }, (_, n) => `No. ${n}`).sort(),
  );
}

const evicts =
  (account: Account): Fault =>
  async () => {
    await evictDurableObject(account.stub);
    throw new Error("injected: the object is gone");
  };

describe("an import goes on, and each message is there once, although", () => {
  const faults: [what: string, faults: (account: Account) => Parameters<typeof withFaults>[0]][] = [
    ["the store refuses a message in the middle", () => ({ MAIL: { put: only(70, breaks) } })],
    ["the store refuses everything", () => ({ MAIL: { put: breaks } })],
    ["the store loses an answer", () => ({ MAIL: { put: only(70, losesAnswer) } })],
    ["the file cannot be read for a while", () => ({ MAIL: { get: whenKey("import/", breaks) } })],
    ["the mailbox is evicted before a step", (account) => ({ MAILBOX: { saveImportStep: only(2, evicts(account)) } })],
    ["the mailbox does not answer", () => ({ MAILBOX: { saveImportStep: breaks } })],
    ["the answer to a step is lost", () => ({ MAILBOX: { saveImportStep: only(2, losesAnswer) } })],
    ["the answer to the last step is lost", () => ({ MAILBOX: { saveImportStep: only(3, losesAnswer) } })],
    ["the mailbox cannot be asked what is there", () => ({ MAILBOX: { whichAreHere: only(2, breaks) } })],
    ["the lease cannot be given back", () => ({ MAIL: { put: only(70, breaks) }, MAILBOX: { releaseImport: loses } })],
  ];

  it.each(faults)("%s", async (what, faultsFor) => {
    const alice = await aCheckedAccount();
    const done = await importWith(alice, faultsFor(alice));
    expect(done).toMatchObject({ state: "done", imported: COUNT, already_here: 0, unreadable: 0 });
    await expectEachOnce(alice);
    // A lost answer of the store leaves bytes that nobody knows of; what looks for them is tested in orphans.test.ts.
    const stored = await keysUnder(`raw/${alice.user_id}/`);
    const held = await inMailbox(alice, (db) => db.select({ key: tables.message.raw_key }).from(tables.message).all());
    for (const key of stored) if (!held.some((row) => row.key === key)) await env.MAIL.delete(key);
    expect(stored.length - COUNT).toBeLessThanOrEqual(
      what === "the store loses an answer" ? 1 : what === "the lease cannot be given back" ? 50 : 0,
    );
  });
});

describe("the queue", () => {
  it("may repeat: one Worker has the import, the others are turned away", async () => {
    const alice = await aCheckedAccount();
    const { id } = await upload(alice, MBOX);
    const body = await jobOf(alice);
    const jobs = ["a", "b", "c"].map((name) => ({ id: name, timestamp: Date.now(), attempts: 1, body }));
    await Promise.all([
      worker.queue(createMessageBatch(INBOUND_QUEUE, jobs), env),
      worker.queue(createMessageBatch(INBOUND_QUEUE, jobs), env),
    ]);
    await worker.queue(createMessageBatch(INBOUND_QUEUE, jobs), env);
    expect(await over(alice, id)).toMatchObject({ imported: COUNT, already_here: 0 });
    await expectEachOnce(alice);
  });

  it("may lose: the mailbox's alarm puts the import there again", async () => {
    const alice = await aCheckedAccount();
    const { id } = await upload(alice, MBOX);
    await inMailbox(alice, (db) => {
      const row = db.select().from(tables.import_job).get();
      db.update(tables.import_job)
        .set({ progress: { ...row?.progress, lease: "queue" }, next_attempt_at: Date.now() })
        .run();
    });
    await runDurableObjectAlarm(alice.stub);
    expect(await over(alice, id)).toMatchObject({ imported: COUNT });
  });
});

it("a Worker that comes too late writes nothing, and takes its bytes away again", async () => {
  const alice = await aCheckedAccount();
  const { id } = await upload(alice, MBOX);
  const job = await jobOf(alice);
  // While the first is busy with its second step its lease runs out, and another does all the work.
  const isOvertaken: Fault = async (real, args) => {
    await makeDue(alice);
    await runImport(env, job);
    return real(...args);
  };
  await runImport(withFaults({ MAILBOX: { saveImportStep: only(2, isOvertaken) } }), job);
  expect(await over(alice, id)).toMatchObject({ state: "done", imported: COUNT, already_here: 0 });
  await expectEachOnce(alice);
  expect(await keysUnder(`raw/${alice.user_id}/`)).toHaveLength(COUNT);
});

it("a message that breaks every Worker is passed over, told of, and the others are there", async () => {
  const alice = await aCheckedAccount();
  const { id } = await upload(alice, MBOX);
  const job = await jobOf(alice);
  const killer: Fault = (real, args) => {
    const isKiller = new TextDecoder().decode(args[1] as Uint8Array).includes("Subject: No. 60\n");
    return isKiller ? Promise.reject(new Error("injected: it breaks")) : real(...args);
  };
  const faulty = withFaults({ MAIL: { put: killer } });
  for (let tries = 0; tries < 20; tries++) {
    await makeDue(alice);
    await runImport(faulty, job);
  }
  const done = await over(alice, id);
  expect(done).toMatchObject({
    state: "done",
    imported: COUNT - 1,
    unreadable: 1,
    report: [{ reason: "not_storable" }],
  });
});

describe("parts", () => {
  it("are there once although the answer to one was lost, and it is sent again", async () => {
    const alice = await aCheckedAccount();
    const file = new TextEncoder().encode(MBOX);
    const { id } = await upload(alice, file, 10_000);
    for (const n of [0, 1, 2])
      expect((await putPart(alice, id, n, file.slice(n * 10_000, (n + 1) * 10_000))).status).toBe(200);
    expect(await over(alice, id)).toMatchObject({ imported: COUNT });
  });

  it("of a forgotten upload go after a week", async () => {
    const alice = await aCheckedAccount();
    const made = (await (await alice.call("POST", "/imports", { size: 100 })).json()) as { id: string };
    await putPart(alice, made.id, 0, "From x");
    const prefix = importPrefix(alice.user_id, made.id);
    expect(await keysUnder(prefix)).toHaveLength(1);
    const { next_attempt_at } = await jobRow(alice);
    expect((next_attempt_at ?? 0) - Date.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);
    await makeDue(alice);
    await runDurableObjectAlarm(alice.stub);
    expect(await keysUnder(prefix)).toEqual([]);
    expect(await read(alice, made.id)).toMatchObject({ state: "cancelled" });
    expect((await jobRow(alice)).next_attempt_at).toBeNull();
  });

  it("of an import that is cancelled in its middle go, and what was brought in stays", async () => {
    const alice = await aCheckedAccount();
    const { id } = await upload(alice, MBOX);
    const cancels: Fault = async (real, args) => {
      await alice.call("DELETE", `/imports/${id}`);
      return real(...args);
    };
    await runImport(withFaults({ MAILBOX: { saveImportStep: only(2, cancels) } }), await jobOf(alice));
    expect(await over(alice, id)).toMatchObject({ state: "cancelled", imported: 50 });
    await eventually(async () => (await alice.folder("all")).total === 50);
  });
});
