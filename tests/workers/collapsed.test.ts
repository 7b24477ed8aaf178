/** Lists of conversations: of each the newest message that the list would show. */
import { describe, expect, it } from "vitest";
import type { FolderRole } from "../../contract/folders.ts";
import { MessagePage, Thread } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

type Listed = MessagePage["messages"][number];

/** A message of the conversation `thread`, whose first one must come first. */
async function say(account: Account, thread: string, n: number): Promise<void> {
  const extra = n === 0 ? "" : lines(`In-Reply-To: <${thread}.0@far.example>`);
  const letter = aLetter({ subject: `${thread} ${n}`, id: `${thread}.${n}@far.example`, extra });
  await ingest("zoe@far.example", account.email, letter);
}

async function list(account: Account, role: FolderRole, query = "", limit = 100): Promise<Listed[]> {
  const { id } = await account.folder(role);
  const all: Listed[] = [];
  for (let cursor = ""; ; ) {
    const path = `/folders/${id}/messages?limit=${limit}${query}${cursor}`;
    const page = await ok(account.call("GET", path), MessagePage);
    all.push(...page.messages);
    if (page.next_cursor === null) return all;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

const collapsed = (account: Account, role: FolderRole = "inbox", query = "", limit = 3) =>
  list(account, role, `&collapse=thread${query}`, limit);

const subjects = (messages: Listed[]): string[] => messages.map(({ subject }) => subject);

const mark = (account: Account, messages: Listed[], update: object) =>
  ok(account.call("POST", "/messages/batch", { ids: messages.map(({ id }) => id), ...update }), MessagePage.partial());

describe("a list collapsed by thread", () => {
  it("shows each conversation once, by its newest message, and says how much of it there is", async () => {
    const alice = await aCheckedAccount();
    for (const [thread, n] of [
      ["a", 0],
      ["b", 0],
      ["a", 1],
      ["c", 0],
      ["a", 2],
      ["b", 1],
    ] as const)
      await say(alice, thread, n);
    expect(subjects(await collapsed(alice))).toEqual(["b 1", "a 2", "c 0"]);
    const inbox = await list(alice, "inbox");
    await mark(
      alice,
      inbox.filter(({ subject }) => subject === "a 1"),
      { is_read: true },
    );
    const [, a] = await collapsed(alice);
    expect(a?.thread).toEqual({ total: 3, unread: 2, is_muted: false });
    expect((await list(alice, "inbox"))[0]?.thread).toBeUndefined();
  });

  it("shows an older message when the newest leaves the folder, and the conversation in both", async () => {
    const alice = await aCheckedAccount();
    for (const n of [0, 1, 2]) await say(alice, "a", n);
    const [newest] = await list(alice, "inbox");
    const archive = await alice.folder("archive");
    await done(alice.call("DELETE", `/messages/${newest?.id}`));
    expect(subjects(await collapsed(alice))).toEqual(["a 1"]);
    expect(subjects(await collapsed(alice, "trash"))).toEqual(["a 2"]);
    await mark(alice, await list(alice, "inbox"), { folder_ids: [archive.id] });
    expect(await collapsed(alice)).toEqual([]);
    expect(subjects(await collapsed(alice, "archive"))).toEqual(["a 1"]);
  });

  it("is what a plain list comes to, whatever was moved, marked and deleted, in each folder and view", async () => {
    const alice = await aCheckedAccount();
    const folders = await Promise.all((["inbox", "archive", "trash"] as const).map((role) => alice.folder(role)));
    let seed = 11;
    const next = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * n);
    };
    const said = new Map<string, number>();
    for (let step = 0; step < 60; step++) {
      const thread = "abcd".charAt(next(4));
      const n = said.get(thread) ?? 0;
      if (n === 0 || next(2) === 0) {
        await say(alice, thread, n);
        said.set(thread, n + 1);
        continue;
      }
      const all = await list(alice, "all");
      const some = all.filter(() => next(3) === 0);
      if (some.length === 0) continue;
      const into = folders.filter(() => next(2) === 0).map(({ id }) => id);
      const updates = [
        { is_read: next(2) === 0 },
        { is_flagged: next(2) === 0 },
        { folder_ids: into.length > 0 ? into : [folders[0]?.id] },
        { delete: true },
      ];
      await mark(alice, some, updates[next(4)] ?? {});
    }
    for (const role of ["inbox", "archive", "trash", "all", "flagged"] as const) {
      for (const query of ["", "&is_read=false", "&is_read=true"]) {
        const plain = await list(alice, role, query);
        const newest = plain.filter((row, at) => plain.findIndex((one) => one.thread_id === row.thread_id) === at);
        expect(subjects(await collapsed(alice, role, query)), role + query).toEqual(subjects(newest));
      }
    }
  });

  it("is refused in another way than by thread", async () => {
    const alice = await aCheckedAccount();
    const { id } = await alice.folder("inbox");
    expect(await problemAt(alice.call("GET", `/folders/${id}/messages?collapse=sender`))).toBe(
      "bad_request query.collapse",
    );
  });
});

describe("a muted thread", () => {
  it("leaves the inbox, read, and what comes for it later does not enter", async () => {
    const alice = await aCheckedAccount();
    await say(alice, "a", 0);
    await say(alice, "b", 0);
    const thread = (await list(alice, "inbox"))[1]?.thread_id;
    await done(alice.call("PATCH", `/threads/${thread}`, { is_muted: true }));
    await say(alice, "a", 1);
    expect(subjects(await list(alice, "inbox"))).toEqual(["b 0"]);
    const archived = await list(alice, "archive");
    expect(archived.map(({ subject, is_read }) => [subject, is_read])).toEqual([
      ["a 1", true],
      ["a 0", true],
    ]);
    expect((await collapsed(alice, "archive"))[0]?.thread).toEqual({ total: 2, unread: 0, is_muted: true });
    expect((await ok(alice.call("GET", `/threads/${thread}`), Thread)).is_muted).toBe(true);
    await done(alice.call("PATCH", `/threads/${thread}`, { is_muted: false }));
    await say(alice, "a", 2);
    expect(subjects(await list(alice, "inbox"))).toEqual(["a 2", "b 0"]);
  });

  it("must be one of this mailbox", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    await say(bob, "a", 0);
    const [row] = await list(bob, "inbox");
    const mute = alice.call("PATCH", `/threads/${row?.thread_id}`, { is_muted: true });
    expect(await problemAt(mute)).toBe("not_found");
  });
});

describe("keywords", () => {
  it("are a list of their own, in lower case, each once", async () => {
    const alice = await aCheckedAccount();
    await say(alice, "a", 0);
    const [message] = await list(alice, "inbox");
    const set = (keywords: string[]) => alice.call("PATCH", `/messages/${message?.id}`, { keywords });
    await ok(set(["$Answered", "work", "work"]), MessagePage.partial());
    expect((await list(alice, "inbox"))[0]?.keywords).toEqual(["$answered", "work"]);
    for (const wrong of ["$seen", "a b", "", "(x", "ü"]) {
      expect(await problemAt(set([wrong]))).toBe("bad_request body.keywords.0");
    }
    await ok(set([]), MessagePage.partial());
    expect((await list(alice, "inbox"))[0]?.keywords).toEqual([]);
  });
});
