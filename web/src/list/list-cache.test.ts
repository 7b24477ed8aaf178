import { describe, expect, it } from "vitest";
import {
  appendPage,
  beginningOf,
  firstPage,
  type LoadedList,
  reachesNext,
  replacePage,
  rowKey,
  shareRows,
  withStale,
} from "./list-cache.ts";
import { conversation, flat, pageOf } from "./list-rows.test-support.ts";

const idsOf = ({ pages }: LoadedList) => pages.map(({ messages }) => messages.map(({ id }) => id).join(" "));
/** Two pages: 9 to 7 and 6 to 4, and more below. */
const LIST: LoadedList = appendPage(firstPage(pageOf(flat(9, 8, 7), "7")), "7", pageOf(flat(6, 5, 4), "4"));
/** As many as make a full page, so that pages stay apart. */
const down = (from: number, count: number) => flat(...Array.from({ length: count }, (_, n) => from - n));
const FULL: LoadedList = appendPage(firstPage(pageOf(down(300, 100), "201")), "201", pageOf(down(200, 100), "101"));

describe("a page in place of an old one", () => {
  it("may be shorter, where what is gone was the last of it", () => {
    const list = replacePage(FULL, null, [pageOf(down(295, 100), "196")]);
    expect(list.pages.map(({ messages }) => messages.length)).toEqual([95, 100]);
    expect(list.pages[0]?.next_cursor).toBe("201");
  });

  it("ends where the next begins, and repeats nothing of it", () => {
    const list = replacePage(FULL, null, [pageOf(down(298, 100), "199")]);
    const ids = list.pages.flatMap(({ messages }) => messages.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(list.pages.at(-1)).toBe(FULL.pages[1]);
  });

  it("does not reach the next one when more has come in: then what lies between belongs to the list", () => {
    const fresh = pageOf(down(302, 100), "203");
    expect(reachesNext(FULL, null, fresh)).toBe(false);
    const list = replacePage(FULL, null, [fresh, pageOf(down(202, 100), "103")]);
    expect(list.pages.map(({ cursor, messages }) => [cursor, messages.length])).toEqual([
      [null, 100],
      ["203", 2],
      ["201", 100],
    ]);
    expect(list.pages.flatMap(({ messages }) => messages.map(({ id }) => Number(id)))).toEqual(
      Array.from({ length: 202 }, (_, n) => 302 - n),
    );
  });

  it("forgets what follows rather than show a list with a gap", () => {
    const list = replacePage(FULL, null, [pageOf(down(600, 100), "501")]);
    expect(list.pages.map(({ messages }) => messages.length)).toEqual([100]);
    expect(list.pages[0]?.next_cursor).toBe("501");
  });

  it("is the last one, when the list ends there by now", () => {
    expect(idsOf(replacePage(LIST, null, [pageOf(flat(9, 8), null)]))).toEqual(["9 8"]);
  });

  it("changes nothing when the list no longer has a page there", () => {
    expect(replacePage(LIST, "somewhere", [pageOf(flat(1), null)])).toBe(LIST);
  });

  it("has a conversation that moved up, which is gone from where it was", () => {
    const second = pageOf([...conversation("a", 200), ...down(199, 99)], "101");
    const list = appendPage(firstPage(pageOf(down(300, 100), "201")), "201", second);
    const moved = replacePage(list, null, [
      pageOf([...conversation("a", 301), ...down(300, 99)], "202"),
      pageOf(down(201, 100), "101"),
    ]);
    const keys = moved.pages.flatMap(({ messages }) => messages.map(rowKey));
    expect(keys.filter((key) => key === "thread a")).toHaveLength(1);
    expect(keys[0]).toBe("thread a");
    expect(keys).toHaveLength(200);
  });
});

describe("the next page", () => {
  it("is not put behind a list that ends elsewhere by now", () => {
    const shorter = replacePage(LIST, null, [pageOf(flat(9, 8), null)]);
    expect(appendPage(shorter, "4", pageOf(flat(3, 2), null))).toBe(shorter);
  });

  it("leaves a thousand pages as they are", () => {
    let list = firstPage(pageOf(down(100_000, 100), "99901"));
    for (let n = 1; n < 1000; n++) {
      const last = 100_000 - n * 100;
      list = appendPage(list, String(last + 1), pageOf(down(last, 100), String(last - 99)));
    }
    expect(list.pages).toHaveLength(1000);
    const next = replacePage(list, null, [pageOf(down(100_001, 100), "99902"), pageOf(down(99_901, 100), "99802")]);
    expect(next.pages.at(-1)).toBe(list.pages.at(-1));
    expect(next.pages.flatMap(({ messages }) => messages)).toHaveLength(100_001);
  });
});

it("a hundred days' mail does not leave a page for each message", () => {
  let list = FULL;
  for (let newest = 301; newest <= 400; newest++) {
    const end = String(newest - 99);
    list = replacePage(list, null, [pageOf(down(newest, 100), end), pageOf(down(newest - 100, 100), "x")]);
  }
  expect(list.pages.length).toBeLessThanOrEqual(3);
  expect(list.pages.flatMap(({ messages }) => messages)).toHaveLength(300);
});

it("new mail is at the top, while another change may be anywhere", () => {
  const staleness = (list: LoadedList) => list.pages.map(({ stale }) => stale);
  expect(staleness(withStale(FULL, 7, false))).toEqual([7, undefined]);
  expect(staleness(withStale(FULL, 7, true))).toEqual([7, 7]);
});

it("keeps the beginning of a list for another page, and that it is out of date, though not since when", () => {
  const page = (cursor: string | null, stale?: number) => ({
    cursor,
    messages: [],
    next_cursor: "x",
    ...(stale ? { stale } : {}),
  });
  const list = { pages: [page(null), page("a", 7), page("b")] };
  expect(beginningOf(list, 2)).toEqual({ pages: [page(null), { ...page("a"), stale: 0 }] });
});

describe("what was fetched again", () => {
  /** As an answer: the same in other objects. */
  const again = (list: LoadedList): LoadedList => structuredClone(list);

  it("is the same list where nothing has changed", () => {
    expect(shareRows(FULL, again(FULL))).toBe(FULL);
  });

  it("has the rows that stayed, wherever they stand by now", () => {
    const now = again({ pages: [pageOf(down(301, 100), "202"), ...FULL.pages.slice(1)].map(at) });
    now.pages[0]?.messages.splice(50, 1);
    const shared = shareRows(FULL, now);
    expect(shared).toEqual(now);
    expect(shared.pages[1]).toBe(FULL.pages[1]);
    const before = new Set(FULL.pages[0]?.messages);
    expect(shared.pages[0]?.messages.filter((row) => !before.has(row)).map(({ id }) => id)).toEqual(["301"]);
  });

  it("has another row for one that was changed, and for no other", () => {
    const now = again(FULL);
    const changed = now.pages[0]?.messages[3];
    if (changed) changed.is_flagged = !changed.is_flagged;
    const shared = shareRows(FULL, now);
    const others = shared.pages[0]?.messages.filter((row, n) => row !== FULL.pages[0]?.messages[n]);
    expect(others).toEqual([changed]);
  });
});

const at = (page: ReturnType<typeof pageOf>, n: number) => ({ cursor: n === 0 ? null : "201", ...page });
