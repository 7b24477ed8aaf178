import { describe, expect, it } from "vitest";
import type { FolderRole } from "../../contract/folders.ts";
import { MessagePage } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

async function deliver(account: Account, ...subjects: string[]): Promise<void> {
  for (const subject of subjects) await ingest("zoe@far.example", account.email, aLetter({ subject }));
}

const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => `letter ${i + 1}`);

async function page(account: Account, role: FolderRole, query = ""): Promise<MessagePage> {
  const { id } = await account.folder(role);
  return ok(account.call("GET", `/folders/${id}/messages?${query}`), MessagePage);
}

const subjectsOf = ({ messages }: MessagePage): string[] => messages.map(({ subject }) => subject);

/** Every page from the first to the last, with something happening after each. */
async function walk(
  account: Account,
  role: FolderRole,
  query: string,
  between = async (_page: number) => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor = ""; ; ) {
    const next = await page(account, role, `${query}${cursor}`);
    pages.push(subjectsOf(next));
    if (next.next_cursor === null) return pages;
    cursor = `&cursor=${next.next_cursor}`;
    await between(pages.length);
  }
}

describe("a folder's list", () => {
  it("is newest first, in pages without gaps or repeats", async () => {
    const alice = await aCheckedAccount();
    expect(await page(alice, "inbox")).toEqual({ messages: [], next_cursor: null });
    await deliver(alice, ...numbered(11));
    const newestFirst = numbered(11).reverse();
    expect(subjectsOf(await page(alice, "inbox"))).toEqual(newestFirst);
    for (const role of ["inbox", "all"] as const) {
      const pages = await walk(alice, role, "limit=4");
      expect(pages.map(({ length }) => length)).toEqual([4, 4, 3]);
      expect(pages.flat()).toEqual(newestFirst);
      expect(await walk(alice, role, "limit=11")).toEqual([newestFirst]);
    }
  });

  it("goes on where it was while mail arrives and messages go", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, ...numbered(10));
    const listed = (await page(alice, "inbox")).messages;
    const [, , third] = listed;
    const [fifth, sixth] = listed.slice(5);
    const pages = await walk(alice, "inbox", "limit=3", async (n) => {
      await deliver(alice, `late ${n}`);
      // The last one of the page before, where the cursor stands, and two that were not shown yet.
      if (n === 1) for (const gone of [third, fifth, sixth]) await done(alice.call("DELETE", `/messages/${gone?.id}`));
    });
    expect(pages).toEqual([
      ["letter 10", "letter 9", "letter 8"],
      ["letter 7", "letter 6", "letter 3"],
      ["letter 2", "letter 1"],
    ]);
  });

  it("shows the unread or the read ones alone", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, ...numbered(8));
    for (const [n, { id }] of (await page(alice, "inbox")).messages.entries()) {
      if (n % 2 === 0) await alice.call("PATCH", `/messages/${id}`, { is_read: true });
    }
    const read = ["letter 8", "letter 6", "letter 4", "letter 2"];
    const unread = ["letter 7", "letter 5", "letter 3", "letter 1"];
    for (const role of ["inbox", "all"] as const) {
      expect((await walk(alice, role, "is_read=true&limit=3")).map(({ length }) => length)).toEqual([3, 1]);
      expect((await walk(alice, role, "is_read=true&limit=3")).flat()).toEqual(read);
      expect((await walk(alice, role, "is_read=false&limit=3")).map(({ length }) => length)).toEqual([3, 1]);
      expect((await walk(alice, role, "is_read=false&limit=3")).flat()).toEqual(unread);
    }
    expect(await alice.folder("inbox")).toMatchObject({ total: 8, unread: 4 });
  });

  it("of flagged messages, and of all, takes from every folder, each message once", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, ...numbered(6));
    const [a, b, c, d] = (await page(alice, "inbox")).messages;
    const [archive, trash, inbox] = await Promise.all([
      alice.folder("archive"),
      alice.folder("trash"),
      alice.folder("inbox"),
    ]);
    await alice.call("PATCH", `/messages/${a?.id}`, { is_flagged: true });
    await alice.call("PATCH", `/messages/${b?.id}`, { is_flagged: true, is_read: true, folder_ids: [archive.id] });
    await alice.call("PATCH", `/messages/${c?.id}`, { folder_ids: [inbox.id, archive.id] });
    await alice.call("PATCH", `/messages/${d?.id}`, { is_flagged: true, folder_ids: [trash.id] });
    expect(await walk(alice, "flagged", "limit=2")).toEqual([["letter 6", "letter 5"], ["letter 3"]]);
    expect(subjectsOf(await page(alice, "flagged", "is_read=false"))).toEqual(["letter 6", "letter 3"]);
    expect(subjectsOf(await page(alice, "flagged", "is_read=true"))).toEqual(["letter 5"]);
    expect((await walk(alice, "all", "limit=4")).flat()).toEqual(numbered(6).reverse());
    expect((await walk(alice, "all", "is_read=false&limit=2")).flat()).toEqual(
      numbered(6)
        .reverse()
        .filter((name) => name !== "letter 5"),
    );
    expect(await alice.folder("flagged")).toMatchObject({ total: 3, unread: 2 });
    expect(await alice.folder("all")).toMatchObject({ total: 6, unread: 5 });
    await alice.call("PATCH", `/messages/${d?.id}`, { is_flagged: false });
    expect(subjectsOf(await page(alice, "flagged"))).toEqual(["letter 6", "letter 5"]);
  });

  it("is not changed, says the ETag, until something in it does", async () => {
    const alice = await aCheckedAccount();
    await deliver(alice, "one");
    const inbox = await alice.folder("inbox");
    const path = `/folders/${inbox.id}/messages`;
    const first = await alice.call("GET", path);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^(W\/)?".+"$/);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const again = await alice.call("GET", path, undefined, { "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    await deliver(alice, "two");
    expect((await alice.call("GET", path, undefined, { "if-none-match": etag })).status).toBe(200);
    expect((await alice.call("GET", "/folders/00000000000/messages", undefined, { "if-none-match": "*" })).status).toBe(
      404,
    );
  });

  it("says what is wrong with a limit, a cursor, a filter or a folder, and where", async () => {
    const alice = await aCheckedAccount();
    const { id } = await alice.folder("inbox");
    const at = (query: string) => problemAt(alice.call("GET", `/folders/${id}/messages?${query}`));
    for (const limit of ["0", "-1", "101", "1.5", "many", "", "1e9", "NaN", "Infinity", "1&limit=2"]) {
      expect(`${limit}: ${await at(`limit=${limit}`)}`).toBe(`${limit}: bad_request query.limit`);
    }
    // One character that no id has; the rest of one of them is a time in the past, whatever the mailbox's mask is.
    const nearly = Array.from({ length: 8 }, (_, digit) => `${digit}1i00000000`);
    for (const cursor of [
      ...nearly,
      "!!!!!!!!!!!",
      "UPPERCASE00",
      "0lioulioulu",
      "short",
      "0000000000000000",
      "zzzzzzzzzzz",
      "%00",
      "' OR 1=1 --",
    ]) {
      expect(`${cursor}: ${await at(`cursor=${encodeURIComponent(cursor)}`)}`).toBe(
        `${cursor}: bad_cursor query.cursor`,
      );
    }
    for (const cursor of ["", "x".repeat(65)]) expect(await at(`cursor=${cursor}`)).toBe("bad_request query.cursor");
    for (const value of ["", "1", "TRUE", "yes"])
      expect(await at(`is_read=${value}`)).toBe("bad_request query.is_read");
    for (const folder of ["00000000000", "zzzzzzzzzzz", "nonsense", "%00", "..%2F..", "%E0%A4%A", "1"]) {
      expect(`${folder}: ${await problemAt(alice.call("GET", `/folders/${folder}/messages`))}`).toBe(
        `${folder}: not_found`,
      );
    }
  });
});
