import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import type { Folder } from "../../../contract/folders.ts";
import { keys } from "../api/keys.ts";
import { type LoadedList, replacePage } from "../list/list-cache.ts";
import { listed, pageOf } from "../list/list-rows.test-support.ts";
import type { ListedMessage, ListSource } from "../list/list-source.ts";
import { showUpdate } from "./show-update.ts";
import { type Step, stepsBack, stepsOf, type Update } from "./update.ts";

const folder = (id: string, role: Folder["role"]): Folder => ({
  ...{ id: id as Folder["id"], role, name: id, parent_id: null, user_id: "u" as Folder["user_id"] },
  ...{ total: 10, unread: 5, size: 0 },
});
const FOLDERS = (["inbox", "archive", "trash", "junk", "flagged", "all"] as const).map((role) => folder(role, role));
const ids = (...names: string[]) => names as Folder["id"][];
const listOf = (folder_id: string, collapsed = false): ListSource => ({ kind: "folder", folder_id, collapsed });
const row = (id: string, more: Partial<ListedMessage> = {}) => listed(id, { folder_ids: ids("inbox"), ...more });

let client: QueryClient;
const put = (source: ListSource, ...rows: ListedMessage[]) =>
  client.setQueryData<LoadedList>(keys.list(source), { pages: [{ cursor: null, ...pageOf(rows, null) }] });
const rowsOf = (source: ListSource) =>
  (client.getQueryData<LoadedList>(keys.list(source))?.pages ?? []).flatMap(({ messages }) => messages);
const shown = (source: ListSource) =>
  rowsOf(source)
    .map(({ id }) => id)
    .join(" ");
const counts = (id: string) => {
  const found = client.getQueryData<Folder[]>(keys.folders)?.find((one) => one.id === id);
  return [found?.total, found?.unread];
};

function act(messages: ListedMessage[], update: Update): Step[] {
  const steps = stepsOf(messages, () => update, FOLDERS);
  for (const step of steps) showUpdate(client, step);
  return steps;
}
const takeBack = (steps: Step[]) => {
  for (const step of steps.flatMap((one) => stepsBack(one, FOLDERS))) showUpdate(client, step);
};

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(keys.folders, FOLDERS);
});

describe("what is moved", () => {
  const inbox = listOf("inbox");
  it("leaves its list and is counted where it goes", () => {
    const rows = [row("5"), row("4"), row("3", { is_read: true })];
    put(inbox, ...rows);
    act(rows.slice(1), { folder_ids: ids("archive") });
    expect(shown(inbox)).toBe("5");
    expect(counts("inbox")).toEqual([8, 4]);
    expect(counts("archive")).toEqual([12, 6]);
    expect(counts("all")).toEqual([10, 5]);
  });

  it("comes back where it was, also into a list that was fetched again meanwhile", () => {
    const rows = ["9", "8", "7", "6", "5"].map((id) => row(id));
    put(inbox, ...rows);
    const steps = act(
      [rows[1], rows[2], rows[4]].filter((one) => one !== undefined),
      { delete: true },
    );
    expect(shown(inbox)).toBe("9 6");
    client.setQueryData<LoadedList>(
      keys.list(inbox),
      (now) => now && replacePage(now, null, [pageOf([row("10"), row("9"), row("6")], null)]),
    );
    takeBack(steps);
    expect(shown(inbox)).toBe("10 9 8 7 6 5");
    expect(rowsOf(inbox)[2]?.folder_ids).toEqual(["inbox"]);
    expect(counts("inbox")).toEqual([10, 5]);
    expect(counts("trash")).toEqual([10, 5]);
  });

  it("does not come back by being read", () => {
    const rows = [row("2"), row("1")];
    put(inbox, ...rows);
    act(rows.slice(0, 1), { delete: true });
    act(rows.slice(0, 1), { is_read: true });
    expect(shown(inbox)).toBe("1");
  });

  it("comes back at the top, when it was there", () => {
    const rows = [row("2"), row("1")];
    put(inbox, ...rows);
    const steps = act(rows, { folder_ids: ids("junk") });
    expect(shown(inbox)).toBe("");
    takeBack(steps);
    expect(shown(inbox)).toBe("2 1");
  });
});

it("a view shows what it is a view of", () => {
  const [flagged, all] = [listOf("flagged"), listOf("all")];
  const one = row("1", { is_flagged: true });
  put(flagged, one);
  put(all, one);
  act([one], { is_read: true });
  expect([shown(flagged), shown(all)]).toEqual(["1", "1"]);
  act([one], { folder_ids: ids("archive") });
  expect([shown(flagged), shown(all)]).toEqual(["1", "1"]);
  act([one], { is_flagged: false });
  expect([shown(flagged), shown(all)]).toEqual(["", "1"]);
  expect(counts("flagged")[0]).toBe(9);
});

it("a search has no longer what is thrown away, unless it looks there", () => {
  const [plain, inTrash]: ListSource[] = [
    { kind: "search", q: "boat" },
    { kind: "search", q: "boat in:trash" },
  ];
  if (!plain || !inTrash) return;
  put(plain, row("1"), row("2"));
  put(inTrash, row("1"));
  act([row("1")], { delete: true });
  expect(shown(plain)).toBe("2");
  expect(shown(inTrash)).toBe("1");
});

it("a conversation counts what is unread in it, whichever of its messages is read", () => {
  const thread_id = "t" as ListedMessage["thread_id"];
  const source = listOf("inbox", true);
  const head = row("9", { thread_id, is_read: true, thread: { total: 3, unread: 2, is_muted: false } });
  put(source, head);
  act([row("8", { thread_id }), row("7", { thread_id }), head], { is_read: true });
  expect(rowsOf(source)[0]?.thread?.unread).toBe(0);
  expect(rowsOf(source)[0]?.is_read).toBe(true);
});

it("what is thrown away for good is in no folder", () => {
  const trash = listOf("trash");
  const one = row("1", { folder_ids: ids("trash") });
  put(trash, one);
  const [step] = act([one], { delete: true });
  expect(step?.update).toEqual({ delete: true });
  expect(shown(trash)).toBe("");
  expect(counts("trash")).toEqual([9, 4]);
  expect(counts("all")).toEqual([9, 4]);
});

it("to delete twice, as when an answer was lost, does not destroy", () => {
  expect(stepsOf([row("1")], () => ({ delete: true }), FOLDERS)[0]?.update).toEqual({ folder_ids: ["trash"] });
});

it("what is snoozed is out of the inbox, stays somewhere, and comes back", () => {
  const inbox = listOf("inbox");
  put(inbox, row("1"));
  const steps = act([row("1")], { snoozed_until: "2030-01-01T08:00:00Z" });
  expect(shown(inbox)).toBe("");
  expect(counts("archive")).toEqual([11, 6]);
  takeBack(steps);
  expect(shown(inbox)).toBe("1");
  expect(rowsOf(inbox)[0]?.snoozed_until).toBeNull();
});

it("takes no more messages into a request than it may have", () => {
  const many = Array.from({ length: 2500 }, (_, n) => row(String(n)));
  expect(stepsOf(many, () => ({ is_read: true }), FOLDERS).map(({ messages }) => messages.length)).toEqual([
    1000, 1000, 500,
  ]);
});
