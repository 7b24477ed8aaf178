/** What the alarm does by itself: trash and junk emptied, the log trimmed, old bodies read from R2 instead. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { Changes } from "../../contract/changes.ts";
import { Settings } from "../../contract/settings.ts";
import { trimLog } from "../../durable-objects/mailbox/change-log.ts";
import { tidy } from "../../durable-objects/mailbox/housekeeping.ts";
import { nextDue } from "../../durable-objects/mailbox/outbox.ts";
import { ok, problemAt } from "./api-answers.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, anAccount, ingest } from "./mesh.ts";

const DAY_MS = 24 * 3_600_000;

async function inTrash(account: Account, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await ingest("zoe@far.example", account.email, aLetter({ subject: `gone ${n}` }));
  const ids = (await account.messages()).map(({ id }) => id);
  await account.call("POST", "/messages/batch", { ids, delete: true });
}

/** The alarm's work as it would be so many days from now, until there is no more to do. Returns how often it went on. */
async function tidyLater(account: Account, days: number, env: { BODY_BUDGET_BYTES?: string } = {}): Promise<number> {
  return mailboxOf(account, (box, storage, objectEnv) => {
    let times = 0;
    storage.kv.put("tidy_at", 0);
    while (tidy(box, storage, { ...objectEnv, ...env }, Date.now() + days * DAY_MS) !== null) times++;
    return times;
  });
}

describe("trash and junk", () => {
  it("are emptied after thirty days, and nothing else is", async () => {
    const alice = await aCheckedAccount();
    await inTrash(alice, 3);
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "stays" }));
    await tidyLater(alice, 29);
    expect(await alice.messages("trash")).toHaveLength(3);
    await tidyLater(alice, 31);
    expect(await alice.messages("trash")).toEqual([]);
    expect((await alice.messages("all")).map(({ subject }) => subject)).toEqual(["stays"]);
  });

  it("are emptied after as many days as their owner chose, or never", async () => {
    const alice = await aCheckedAccount();
    await inTrash(alice, 1);
    const set = (update: object) => ok(alice.call("PATCH", "/settings", update), Settings);
    expect(await set({ trash_days: null })).toMatchObject({ trash_days: null, junk_days: 30, undo_seconds: 0 });
    await tidyLater(alice, 60);
    expect(await alice.messages("trash")).toHaveLength(1);
    await set({ trash_days: 2 });
    const kept = { trash_days: 2, junk_days: 30, undo_seconds: 0 };
    expect(await ok(alice.call("GET", "/settings"), Settings)).toMatchObject(kept);
    await tidyLater(alice, 3);
    expect(await alice.messages("trash")).toEqual([]);
    for (const wrong of [{ trash_days: 0 }, { trash_days: 1.5 }, {}, { other: 1 }]) {
      expect(await problemAt(alice.call("PATCH", "/settings", wrong))).toMatch(/^bad_request body/);
    }
  });

  it("give back what is in another folder too, and the days begin anew for what was taken out meanwhile", async () => {
    const alice = await aCheckedAccount();
    await inTrash(alice, 1);
    const [message] = await alice.messages("trash");
    const [trash, archive] = [await alice.folder("trash"), await alice.folder("archive")];
    const move = (...folders: { id: string }[]) =>
      alice.call("PATCH", `/messages/${message?.id}`, { folder_ids: folders.map(({ id }) => id) });
    await move(trash, archive);
    await tidyLater(alice, 31);
    expect(await alice.messages("trash")).toEqual([]);
    expect(await alice.messages("archive")).toHaveLength(1);
    await tidyLater(alice, 62);
    expect(await alice.messages("archive")).toHaveLength(1);
  });

  it("go piece by piece, so that nobody waits for long", async () => {
    const alice = await aCheckedAccount();
    await deliverMany(alice, 120, (n) => ({ subject: `${n}` }), { withBytes: true });
    const ids = (await alice.messages("inbox")).map(({ id }) => id);
    await alice.call("POST", "/messages/batch", { ids, delete: true });
    expect(await tidyLater(alice, 31)).toBe(4);
    expect(await alice.messages("all")).toHaveLength(20);
  });
});

describe("the log", () => {
  it("forgets its oldest changes, and says so to who asks for them", async () => {
    const alice = await anAccount();
    for (let n = 0; n < 5; n++) await ingest("zoe@far.example", alice.email, aLetter());
    await mailboxOf(alice, (box) => expect(trimLog(box.db, 2)).toBe(false));
    expect(await problemAt(alice.call("GET", "/changes?since=1"))).toBe("state_too_old");
    const { state } = await ok(alice.call("GET", "/changes"), Changes);
    const oldest = String(Number(state) - 2);
    const changes = await ok(alice.call("GET", `/changes?since=${oldest}`), Changes);
    expect(changes).toMatchObject({ state, message: { created: [expect.any(String), expect.any(String)] } });
  });
});

describe("the full-text index", () => {
  it("becomes one segment, step by step, and is searched all the while", async () => {
    const alice = await aCheckedAccount();
    await deliverMany(alice, 1100, (n) => ({ subject: `${n}`, body: `plum ${noise(600)}` }), { withBytes: true });
    const segments = () =>
      mailboxOf(
        alice,
        (_box, storage) =>
          storage.sql.exec<{ n: number }>("SELECT count(DISTINCT segid) AS n FROM message_index_idx").one().n,
      );
    expect(await segments()).toBeGreaterThan(1);
    const found = async () => (await alice.call("GET", "/search?q=plum&limit=100")).json();
    const before = await found();
    expect(await tidyLater(alice, 0)).toBeGreaterThan(1);
    expect(await segments()).toBe(1);
    expect(await found()).toEqual(before);
    // Nothing has changed since.
    expect(await tidyLater(alice, 8)).toBe(0);
  });
});

describe("a body", () => {
  it("is read from R2 when the object has passed its budget, and nobody notices", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter({ body: "Good morning, Vietnam." }));
    const [message] = await alice.messages();
    const before = await alice.open(message?.id ?? "");
    await tidyLater(alice, 0, { BODY_BUDGET_BYTES: "1" });
    await mailboxOf(alice, (box) => {
      expect(box.db.query.body.findMany().sync()).toEqual([]);
    });
    expect(await alice.open(message?.id ?? "")).toEqual(before);
    const found = await alice.call("GET", "/search?q=vietnam");
    expect(await found.json()).toMatchObject({ messages: [{ id: message?.id }] });
  });

  it("gives its room back to the object", async () => {
    const alice = await aCheckedAccount();
    await deliverMany(alice, 60, (n) => ({ subject: `${n}`, body: noise(20_000) }), { withBytes: true });
    const size = () => runInDurableObject(alice.stub, (_, { storage }) => storage.sql.databaseSize);
    const before = await size();
    await tidyLater(alice, 0, { BODY_BUDGET_BYTES: "1" });
    expect(before - (await size())).toBeGreaterThan(600_000);
  });
});

it("the alarm does it, and rings again within a day", async () => {
  const alice = await aCheckedAccount();
  await inTrash(alice, 1);
  await mailboxOf(alice, (box) => {
    box.db.run("UPDATE discarded SET since = since - 31 * 86400000");
  });
  await runInDurableObject(alice.stub, (_, { storage }) => storage.kv.delete("tidy_at"));
  await runDurableObjectAlarm(alice.stub);
  expect(await alice.messages("trash")).toEqual([]);
  const alarm = await runInDurableObject(alice.stub, (_, { storage }) => storage.getAlarm());
  expect(alarm).toBeLessThanOrEqual(Date.now() + DAY_MS);
});

it("a tidying that fails keeps no mail from leaving, and is tried again", async () => {
  const alice = await anAccount();
  await alice.call("POST", "/messages", { to: [{ email: "bob@far.example" }], subject: "Out", undo_seconds: 60 });
  const { due, alarm } = await mailboxOf(alice, async (box, storage) => {
    box.db.run("ALTER TABLE discarded RENAME TO gone");
    box.db.run("UPDATE submission SET send_at = 0, next_attempt_at = 0");
    storage.kv.delete("tidy_at");
    return { due: nextDue(box.db), alarm: await storage.getAlarm() };
  });
  expect([due, alarm]).toEqual([0, expect.any(Number)]);
  await runDurableObjectAlarm(alice.stub);
  const after = await mailboxOf(alice, async (box, storage) => {
    return { due: nextDue(box.db), tidyAt: storage.kv.get("tidy_at"), alarm: await storage.getAlarm() };
  });
  // On the queue, and due again should that lose it.
  expect(after.due).toBeGreaterThan(Date.now() - 10_000);
  expect(after).toMatchObject({ tidyAt: undefined, alarm: expect.any(Number) });
});

/** Text that no compression makes small. */
function noise(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length / 2));
  return (
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
      .join("")
      .match(/.{70}/g) ?? []
  ).join("\r\n");
}
