/** The queue of updates, with a server that fails as servers and networks do. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listed } from "../list/list-rows.test-support.ts";
import { type Outcome, onOutcome, sendAll } from "./queue.ts";
import { entriesOf, forgetOthers, forgetUpdates, keep, newKey } from "./queue-store.ts";
import { actable } from "./update.ts";

const ACCOUNT = "alice@mesh.test";
/** What the server is asked, as "method path ids". */
let asked: string[];
let answer: (ids: string[], path: string) => Response | "gone";
let heard: Outcome[];
let end: () => void;

const taken = () => Response.json({});
const refused = (status: number, reason: string, detail: string) => Response.json({ reason, detail }, { status });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  [asked, heard] = [[], []];
  const target = new EventTarget();
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("removeEventListener", target.removeEventListener.bind(target));
  vi.stubGlobal("dispatchEvent", target.dispatchEvent.bind(target));
  vi.stubGlobal("fetch", async (path: string, { method, body }: { method: string; body: string }) => {
    const { ids = [] }: { ids?: string[] } = JSON.parse(body);
    asked.push(`${method} ${path.replace("/v1", "")} ${ids.join(" ")}`.trim());
    const said = answer(ids, path);
    if (said === "gone") throw new TypeError("no network");
    return said;
  });
  end = onOutcome((outcome) => heard.push(outcome));
});
afterEach(async () => {
  end();
  await forgetUpdates();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const entry = (...ids: string[]) => ({
  key: newKey(),
  account: ACCOUNT,
  step: { messages: ids.map((id) => actable(listed(id))), update: { is_read: true } },
});
const left = async () => (await entriesOf(ACCOUNT)).map(({ step }) => step.messages.map(({ id }) => id).join(" "));

it("sends in the order in which things were done, and forgets what was taken", async () => {
  answer = taken;
  for (const one of [entry("1"), entry("2"), entry("3")]) await keep(one);
  await Promise.all([sendAll(ACCOUNT), sendAll(ACCOUNT)]);
  expect(asked).toEqual(["1", "2", "3"].map((id) => `POST /messages/batch ${id}`));
  expect(await left()).toEqual([]);
  expect(heard.map(({ refusal }) => refusal)).toEqual([null, null, null]);
});

it("keeps that order where the clock is set back, and after what an earlier page left", async () => {
  answer = taken;
  const now = vi.spyOn(Date, "now").mockReturnValue(1_900_000_000_000);
  const first = entry("1");
  now.mockReturnValue(1_800_000_000_000);
  const second = entry("2");
  // Made by a page that was here when the clock was further still.
  const earlier = { ...entry("0"), key: `${String(2_000_000_000_000).padStart(15, "0")} ${crypto.randomUUID()}` };
  for (const one of [second, first]) await keep(one);
  expect(await left()).toEqual(["1", "2"]);
  await keep(earlier);
  expect(await left()).toEqual(["1", "2", "0"]);
  await keep(entry("3"));
  now.mockRestore();
  await sendAll(ACCOUNT);
  expect(asked).toEqual(["1", "2", "0", "3"].map((id) => `POST /messages/batch ${id}`));
});

it("keeps all that follows while nothing gets through, and tries again by itself", async () => {
  answer = () => "gone";
  for (const one of [entry("1"), entry("2")]) await keep(one);
  await sendAll(ACCOUNT);
  expect(asked).toHaveLength(1);
  expect(await left()).toEqual(["1", "2"]);
  answer = taken;
  await vi.advanceTimersByTimeAsync(2000);
  await vi.waitFor(async () => expect(await left()).toEqual([]));
  expect(asked).toHaveLength(3);
});

it.each([429, 503, 401])("waits where the server says %i", async (status) => {
  answer = () => refused(status, "unavailable", "Not now.");
  await keep(entry("1"));
  await sendAll(ACCOUNT);
  expect(await left()).toEqual(["1"]);
  expect(heard).toEqual([]);
});

it("goes on after a refusal, and says what it was", async () => {
  answer = ([id]) => (id === "1" ? refused(422, "invalid_folders", "Not there.") : taken());
  for (const one of [entry("1"), entry("2")]) await keep(one);
  await sendAll(ACCOUNT);
  expect(heard.map(({ refusal }) => refusal)).toEqual(["Not there.", null]);
  expect(await left()).toEqual([]);
});

it("does it to all others where one of many is gone", async () => {
  const done = new Set<string>();
  answer = (ids) => {
    if (ids.includes("3")) return refused(404, "not_found", "There is no such message.");
    for (const id of ids) done.add(id);
    return taken();
  };
  await keep(entry("1", "2", "3", "4", "5"));
  await sendAll(ACCOUNT);
  expect([...done].toSorted()).toEqual(["1", "2", "4", "5"]);
  expect(heard.map(({ refusal }) => refusal)).toEqual([null]);
});

it("does not take a folder that is gone for messages that are", async () => {
  answer = () => refused(404, "not_found", "There is no such folder.");
  await keep(entry("1", "2", "3", "4"));
  await sendAll(ACCOUNT);
  expect(asked).toHaveLength(1);
  expect(heard.map(({ refusal }) => refusal)).toEqual(["There is no such folder."]);
});

it("sends nothing of another account, and leaves it alone until a page of that one begins", async () => {
  answer = taken;
  await keep(entry("1"));
  await sendAll("bob@mesh.test");
  expect(asked).toEqual([]);
  expect(await left()).toEqual(["1"]);
  await forgetOthers("bob@mesh.test");
  expect(await left()).toEqual([]);
});

it("takes an answer that was cut short for none: it may have been done, and is asked for again", async () => {
  const cut = () =>
    new Response(new ReadableStream({ pull: (stream) => stream.error(new TypeError("network error")) }));
  answer = () => (asked.length === 1 ? cut() : taken());
  await keep(entry("1"));
  await sendAll(ACCOUNT);
  expect(heard).toEqual([]);
  expect(await left()).toEqual(["1"]);
  await sendAll(ACCOUNT);
  expect(heard.map(({ refusal }) => refusal)).toEqual([null]);
});
