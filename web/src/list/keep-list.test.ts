/** A mailbox that changes while its list is being fetched: when all is quiet, the list is what the mailbox is. */
import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Folder } from "../../../contract/folders.ts";
import { begin, dropped } from "../acting/pending.ts";
import { showUpdate } from "../acting/show-update.ts";
import type { Step } from "../acting/update.ts";
import { keys } from "../api/keys.ts";
import { fetchList, look, lookAway, refreshLists } from "./keep-list.ts";
import { type LoadedList, rowKey } from "./list-cache.ts";
import { listed } from "./list-rows.test-support.ts";
import type { ListedMessage, ListSource } from "./list-source.ts";

const SOURCE: ListSource = { kind: "folder", folder_id: "f", collapsed: true };
const KEY = keys.list(SOURCE);

/** Messages by number, newest last: whose conversation each is, and whether it is in the folder. */
let mailbox: { thread: number; isHere: boolean }[];
let client: QueryClient;
let requests: number;
/** Answers on their way, read at the moment of the request. */
let onTheWay: (() => void)[];

const THREADS = 250;

function rowsOf(): ListedMessage[] {
  const heads = new Map<number, ListedMessage>();
  for (let n = mailbox.length - 1; n >= 0; n--) {
    const message = mailbox[n];
    if (!message?.isHere || heads.has(message.thread)) continue;
    const thread_id = `thread ${message.thread}` as ListedMessage["thread_id"];
    heads.set(message.thread, listed(String(n), { thread_id, thread: { total: 1, unread: 0, is_muted: false } }));
  }
  return [...heads.values()];
}

function answer(url: string): unknown {
  const query = new URL(url, "http://mesh.test").searchParams;
  const before = Number(query.get("cursor") ?? mailbox.length);
  const rows = rowsOf().filter(({ id }) => Number(id) < before);
  const messages = rows.slice(0, Number(query.get("limit")));
  return { messages, next_cursor: rows.length > messages.length ? (messages.at(-1)?.id ?? null) : null };
}

beforeEach(() => {
  onTheWay = [];
  requests = 0;
  client = new QueryClient();
  vi.stubGlobal("fetch", (url: string) => {
    requests += 1;
    const body = JSON.stringify(answer(url));
    return new Promise((resolve) => onTheWay.push(() => resolve(new Response(body))));
  });
});
afterEach(() => {
  lookAway(SOURCE);
  vi.unstubAllGlobals();
});

const listNow = (): LoadedList => client.getQueryData<LoadedList>(KEY) ?? { pages: [] };
const shown = () => listNow().pages.flatMap(({ messages }) => messages.map(rowKey));

/** All that is on its way arrives, and what that leads to. */
async function quiet(): Promise<void> {
  for (let empty = 0; empty < 3; ) {
    const next = onTheWay.shift();
    next?.();
    empty = next ? 0 : empty + 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function open(messages: number): Promise<void> {
  mailbox = Array.from({ length: messages }, (_, n) => ({ thread: n % THREADS, isHere: true }));
  const fetched = fetchList(client, SOURCE, new AbortController().signal);
  await quiet();
  client.setQueryData(KEY, await fetched);
}

const lookAt = (pages: number[], isNearEnd = false) =>
  void look(client, SOURCE, { cursors: new Set(pages.map((n) => listNow().pages[n]?.cursor ?? null)), isNearEnd });
const lookAtAll = () => lookAt(listNow().pages.map((_, n) => n));

type Deed = "deliver" | "leave" | "come" | "arrive" | "scroll" | "look";
const deed = fc.tuple(
  fc.constantFrom<Deed>("deliver", "leave", "come", "arrive", "arrive", "scroll", "look"),
  fc.nat(),
);

async function carryOut([what, n]: [Deed, number]): Promise<void> {
  const place = n % mailbox.length;
  const one = mailbox[place];
  if (what === "deliver") {
    mailbox.push({ thread: n % THREADS, isHere: true });
    void refreshLists(client, { created: [String(mailbox.length - 1)], changed: [], destroyed: [] });
    lookAt([0]);
  } else if ((what === "leave" || what === "come") && one) {
    one.isHere = what === "come";
    void refreshLists(client, { created: [], changed: [String(place)], destroyed: [] });
    lookAt([n % Math.max(1, listNow().pages.length)]);
  } else if (what === "scroll") lookAt([listNow().pages.length - 1], true);
  else if (what === "look") lookAt([n % Math.max(1, listNow().pages.length)]);
  else onTheWay.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
}

it("has no gaps and no repeats, whatever happens while pages are on their way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 60 }), async (deeds) => {
      client.clear();
      await open(400);
      for (const one of deeds) await carryOut(one);
      await quiet();
      expect(new Set(shown()).size).toBe(shown().length);
      lookAtAll();
      await quiet();
      lookAtAll();
      await quiet();
      expect(shown()).toEqual(rowsOf().map(rowKey).slice(0, shown().length));
      if (listNow().pages.at(-1)?.next_cursor === null) expect(shown()).toHaveLength(rowsOf().length);
      lookAway(SOURCE);
    }),
    { numRuns: 60 },
  );
});

it("asks for the pages that are looked at, and for no others", async () => {
  await open(250);
  lookAt([0], true);
  await quiet();
  expect(listNow().pages).toHaveLength(3);
  lookAt([2]);
  requests = 0;
  const one = mailbox[130];
  if (one) one.isHere = false;
  void refreshLists(client, { created: [], changed: ["130"], destroyed: [] });
  lookAt([2]);
  await quiet();
  // The first, where mail comes in, and the last; the one between when it is scrolled to.
  expect(requests).toBe(2);
  expect(shown()).toContain("thread 130");
  lookAt([1]);
  await quiet();
  expect(requests).toBe(3);
  expect(shown()).not.toContain("thread 130");
});

it("makes one request at a time", async () => {
  await open(250);
  lookAt([0], true);
  lookAt([0], true);
  void refreshLists(client, { created: ["1"], changed: [], destroyed: [] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(onTheWay).toHaveLength(1);
  await quiet();
});

it("does not lose again what was taken back, by an answer from before", async () => {
  await open(250);
  const inbox = { id: "f", role: "inbox" } as Folder;
  client.setQueryData(keys.folders, [inbox, { id: "a", role: "archive" } as Folder]);
  const rows = shown();
  const message = listNow().pages.flatMap(({ messages }) => messages)[4];
  if (message === undefined) return;
  const at = { ...message, folder_ids: [inbox.id] };
  client.setQueryData<LoadedList>(
    KEY,
    (now) =>
      now && {
        pages: now.pages.map((page) => ({
          ...page,
          messages: page.messages.map((row) => (row.id === at.id ? at : row)),
        })),
      },
  );
  showUpdate(client, { messages: [at], update: { folder_ids: ["a" as Folder["id"]] } });
  expect(shown()).not.toContain(rowKey(at));
  const one = mailbox[Number(at.id)];
  if (one) one.isHere = false;
  // The server has it out of the folder; its owner wants it back, and the server does not know that yet.
  const back: Step = { messages: [{ ...at, folder_ids: [] }], update: { folder_ids: [inbox.id] } };
  begin("back", back);
  showUpdate(client, back);
  expect(shown()).toEqual(rows);
  void refreshLists(client, { created: [], changed: [at.id], destroyed: [] });
  lookAt([0]);
  await quiet();
  expect(shown().slice(0, rows.length)).toEqual(rows);
  dropped("back");
});
