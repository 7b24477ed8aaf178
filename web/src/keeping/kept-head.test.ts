/** What tabs that have heard of different things may write, in which order ever. */
import { expect, it } from "vitest";
import type { Changes } from "../../../contract/changes.ts";
import { type Head, type KeptEntry, type Plan, planOf, type Write } from "./kept-head.ts";
import { beginAt, hear, nameOf, nothingKnown, written } from "./known-changes.ts";

const entry = (used = 1): KeptEntry => ({ used, size: 10, isStale: false });
const head = (state: number | null, entries: Record<string, KeptEntry> = {}): Head => ({
  ...{ account: "u1", version: "1", state, entries },
});
const write = (changes: Partial<Write>): Write => ({
  ...{ account: "u1", version: "1", state: 10, since: 10, isBehind: false, puts: [], now: 5 },
  ...{ changed: new Set<string>(), gone: new Set<string>(), used: new Map<string, number>() },
  ...changes,
});
const put = (name: string, isStale = false) => ({ name, json: "{}", isStale });
const message = (id: string) => nameOf(["message", id]);
const list = (folder_id: string) => nameOf(["list", { kind: "folder", folder_id, collapsed: true }]);
const entriesAfter = (plan: Plan) => (plan.kind === "write" ? plan.head.entries : plan.kind);

it("writes nothing over what is another's, or another version's, or was signed out of", () => {
  const puts = [put(message("a"))];
  expect(planOf(undefined, write({ puts })).kind).toBe("never");
  expect(planOf({ ...head(10), account: "u2" }, write({ puts })).kind).toBe("never");
  expect(planOf({ ...head(10), version: "2" }, write({ puts })).kind).toBe("never");
});

it("puts no older state over a newer one", () => {
  expect(planOf(head(11), write({ state: 10 })).kind).toBe("later");
  expect(planOf(head(10), write({ state: 10 })).kind).toBe("write");
});

it("marks what changed on the way, also what it never had, and keeps what is new", () => {
  const before = head(8, {
    [message("a")]: entry(),
    [message("b")]: entry(),
    [message("c")]: entry(),
    [list("f")]: entry(),
  });
  const changed = new Set([message("a"), message("b"), '["list"']);
  const plan = planOf(before, write({ since: 7, changed, gone: new Set([message("c")]), puts: [put(message("a"))] }));
  expect(entriesAfter(plan)).toEqual({
    [message("a")]: { used: 5, size: 2, isStale: false },
    [message("b")]: { ...entry(), isStale: true },
    [list("f")]: { ...entry(), isStale: true },
  });
  expect(plan).toMatchObject({ head: { state: 10 }, drops: [message("c")] });
});

it("marks a conversation when one of its messages changed", () => {
  const thread = nameOf(["thread", "t"]);
  const put = { name: thread, json: "{}", isStale: false, of: [message("a"), message("b")] };
  const plan = planOf(head(10), write({ puts: [put] }));
  const kept = plan.kind === "write" ? plan.head : head(0);
  const later = { since: 10, state: 11 };
  expect(entriesAfter(planOf(kept, write({ ...later, changed: new Set([message("c")]) })))).toMatchObject({
    [thread]: { isStale: false },
  });
  expect(entriesAfter(planOf(kept, write({ ...later, changed: new Set([message("b")]) })))).toMatchObject({
    [thread]: { isStale: true },
  });
});

it("forgets what is from before all that it knows of, and what the account never was", () => {
  const before = head(6, { [message("a")]: entry() });
  expect(planOf(before, write({ since: 7 }))).toMatchObject({
    head: { state: 10, entries: {} },
    drops: [message("a")],
  });
  const impossible = head(99, { [message("a")]: entry() });
  expect(planOf(impossible, write({ isBehind: true }))).toMatchObject({ head: { state: 10, entries: {} } });
});

it("lets go of what was not used for longest, and of what is too much", () => {
  const lists = Array.from({ length: 25 }, (_, n) => [list(`f${n}`), entry(n)] as const);
  const plan = planOf(head(10, Object.fromEntries(lists)), write({ used: new Map([[list("f0"), 100]]) }));
  const left = Object.keys(entriesAfter(plan));
  expect(left).toHaveLength(20);
  expect(left).toContain(list("f0"));
  expect(left).not.toContain(list("f1"));

  const large = Array.from({ length: 30 }, (_, n) => [message(String(n)), { ...entry(n), size: 1_000_000 }] as const);
  expect(Object.keys(entriesAfter(planOf(head(10, Object.fromEntries(large)), write({}))))).toHaveLength(25);
});

const nothing = { created: [], changed: [], destroyed: [] };
const changes = (state: string, message: Partial<Changes["message"]>): Changes => ({
  ...{ since: "0", state, has_more: false, resources: [] },
  ...{ thread: nothing, folder: nothing, submission: nothing, draft: nothing, import: nothing },
  message: { ...nothing, ...message },
});

it("knows what changed until it is written, and what was heard meanwhile after that", () => {
  const known = nothingKnown();
  beginAt(known, 5);
  hear(known, changes("6", { changed: ["a"] }));
  hear(known, changes("7", { destroyed: ["b"] }));
  expect([...known.changed, ...known.gone]).toEqual([message("a"), '["list"', nameOf(["folders"]), message("b")]);
  // A write of state 6 does not have what 7 is about.
  written(known, 6);
  expect(known).toMatchObject({ since: 5, state: 7 });
  written(known, 7);
  expect(known).toMatchObject({ since: 7, state: 7, changed: new Set(), gone: new Set() });
});

it("sees that the account has gone back", () => {
  const known = nothingKnown();
  beginAt(known, 9);
  expect(known.isBehind).toBe(false);
  beginAt(known, 3);
  expect(known.isBehind).toBe(true);
});
