import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Folder } from "../../contract/folders.ts";
import { MAX_FOLDER_DEPTH, MAX_FOLDERS } from "../../contract/limits.ts";
import { MessageSummary } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

const list = (account: Account): Promise<Folder[]> => ok(account.call("GET", "/folders"), z.array(Folder));
const create = (account: Account, name: string, parent_id?: string | null): Promise<Folder> =>
  ok(account.call("POST", "/folders", { name, ...(parent_id === undefined ? {} : { parent_id }) }), Folder, 201);
const change = (account: Account, id: string, update: unknown): Promise<Folder> =>
  ok(account.call("PATCH", `/folders/${id}`, update), Folder);

describe("the default folders", () => {
  it("are there from the start, one for each role", async () => {
    const alice = await aCheckedAccount();
    const folders = await list(alice);
    expect(folders.map(({ role, name }) => `${role}: ${name}`)).toEqual([
      "inbox: Inbox",
      "archive: Archive",
      "drafts: Drafts",
      "sent: Sent",
      "junk: Junk",
      "trash: Trash",
      "flagged: Flagged",
      "all: All mail",
    ]);
    for (const folder of folders) {
      expect(folder).toMatchObject({ parent_id: null, total: 0, unread: 0, user_id: alice.user_id });
    }
  });

  it("cannot be renamed, moved or deleted", async () => {
    const alice = await aCheckedAccount();
    const work = await create(alice, "Work");
    for (const { id } of (await list(alice)).filter(({ role }) => role !== null)) {
      expect(await problemAt(alice.call("PATCH", `/folders/${id}`, { name: "Mine" }))).toBe("forbidden");
      expect(await problemAt(alice.call("PATCH", `/folders/${id}`, { parent_id: work.id }))).toBe("forbidden");
      expect(await problemAt(alice.call("DELETE", `/folders/${id}`))).toBe("forbidden");
    }
  });
});

describe("an own folder", () => {
  it("is made, renamed, moved and deleted, and keeps its id", async () => {
    const alice = await aCheckedAccount();
    const work = await create(alice, "Work");
    expect(work).toMatchObject({
      name: "Work",
      role: null,
      parent_id: null,
      total: 0,
      unread: 0,
      user_id: alice.user_id,
    });
    const offers = await create(alice, "Offers", work.id);
    expect(offers.parent_id).toBe(work.id);
    expect(await change(alice, offers.id, { name: "Quotes" })).toEqual({ ...offers, name: "Quotes" });
    expect(await change(alice, offers.id, { parent_id: null })).toEqual({ ...offers, name: "Quotes", parent_id: null });
    expect((await list(alice)).slice(8)).toEqual([work, { ...offers, name: "Quotes", parent_id: null }]);
    await done(alice.call("DELETE", `/folders/${work.id}`));
    expect(await problemAt(alice.call("DELETE", `/folders/${work.id}`))).toBe("not_found");
    expect((await list(alice)).slice(8).map(({ name }) => name)).toEqual(["Quotes"]);
  });

  it("may be inside a default folder, but not inside a view", async () => {
    const alice = await aCheckedAccount();
    const inbox = await alice.folder("inbox");
    expect((await create(alice, "Lists", inbox.id)).parent_id).toBe(inbox.id);
    const work = await create(alice, "Work");
    for (const role of ["flagged", "all"] as const) {
      const { id } = await alice.folder(role);
      const refusal = "invalid_folders body.parent_id";
      expect(await problemAt(alice.call("POST", "/folders", { name: "Lists", parent_id: id }))).toBe(refusal);
      expect(await problemAt(alice.call("PATCH", `/folders/${work.id}`, { parent_id: id }))).toBe(refusal);
    }
  });

  it("has no sibling of its name, whatever the Unicode form, but may have a cousin", async () => {
    const alice = await aCheckedAccount();
    const cafe = await create(alice, "Café");
    const taken = "conflict body.name";
    expect(await problemAt(alice.call("POST", "/folders", { name: "Café" }))).toBe(taken);
    // RFC 5198 §3: names that look alike are alike.
    expect(await problemAt(alice.call("POST", "/folders", { name: "Cafe\u0301" }))).toBe(taken);
    expect(await problemAt(alice.call("POST", "/folders", { name: "Inbox" }))).toBe(taken);
    const inner = await create(alice, "Café", cafe.id);
    expect(await problemAt(alice.call("PATCH", `/folders/${inner.id}`, { parent_id: null }))).toBe(taken);
    const bar = await create(alice, "Bar");
    expect(await problemAt(alice.call("PATCH", `/folders/${bar.id}`, { name: "Café" }))).toBe(taken);
    expect(await change(alice, bar.id, { name: "Bar" })).toEqual(bar);
  });

  it("stays while messages or folders are in it", async () => {
    const alice = await aCheckedAccount();
    const work = await create(alice, "Work");
    const inner = await create(alice, "Inner", work.id);
    expect(await problemAt(alice.call("DELETE", `/folders/${work.id}`))).toBe("folder_not_empty");
    await ingest("zoe@far.example", alice.email, aLetter());
    const [letter] = await alice.messages();
    await ok(alice.call("PATCH", `/messages/${letter?.id}`, { folder_ids: [inner.id] }), MessageSummary);
    expect(await problemAt(alice.call("DELETE", `/folders/${inner.id}`))).toBe("folder_not_empty");
    await done(alice.call("DELETE", `/messages/${letter?.id}`));
    await done(alice.call("DELETE", `/folders/${inner.id}`));
    await done(alice.call("DELETE", `/folders/${work.id}`));
  });

  it("is never moved into itself or into what is inside it", async () => {
    const alice = await aCheckedAccount();
    const outer = await create(alice, "Outer");
    const middle = await create(alice, "Middle", outer.id);
    const inner = await create(alice, "Inner", middle.id);
    for (const { id } of [outer, middle, inner]) {
      expect(await problemAt(alice.call("PATCH", `/folders/${outer.id}`, { parent_id: id }))).toBe(
        "invalid_folders body.parent_id",
      );
    }
    expect((await change(alice, middle.id, { parent_id: null })).parent_id).toBeNull();
    expect((await change(alice, outer.id, { parent_id: inner.id })).parent_id).toBe(inner.id);
  });

  it("nests so deep and no deeper, also when a whole branch is moved", async () => {
    const alice = await aCheckedAccount();
    const branch: Folder[] = [];
    for (let depth = 1; depth <= MAX_FOLDER_DEPTH; depth++) {
      branch.push(await create(alice, `depth ${depth}`, branch.at(-1)?.id ?? null));
    }
    const tooDeep = "invalid_folders body.parent_id";
    expect(await problemAt(alice.call("POST", "/folders", { name: "deeper", parent_id: branch.at(-1)?.id }))).toBe(
      tooDeep,
    );
    const other = await create(alice, "Other");
    const [top, second] = branch;
    expect(await problemAt(alice.call("PATCH", `/folders/${top?.id}`, { parent_id: other.id }))).toBe(tooDeep);
    expect((await change(alice, second?.id ?? "", { parent_id: other.id })).parent_id).toBe(other.id);
  });

  it(`is one of ${MAX_FOLDERS} at most, the default ones not counted`, async () => {
    const alice = await aCheckedAccount();
    for (let n = 0; n < MAX_FOLDERS; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => create(alice, `folder ${n + i}`)));
    }
    expect(await problemAt(alice.call("POST", "/folders", { name: "one more" }))).toBe("conflict");
    expect(await list(alice)).toHaveLength(MAX_FOLDERS + 8);
  });

  it("is named by something that can be seen and typed", async () => {
    const alice = await aCheckedAccount();
    const bad = [
      "",
      " ",
      " Work",
      "Work ",
      "a/b",
      "a\u0000b",
      "a\nb",
      "a\u0085b",
      "a\u2028b",
      "\u200b",
      "\u202eevil",
      "\ud800",
      "x".repeat(101),
      7,
      null,
    ];
    for (const name of bad) {
      expect(`${JSON.stringify(name)}: ${await problemAt(alice.call("POST", "/folders", { name }))}`).toBe(
        `${JSON.stringify(name)}: bad_request body.name`,
      );
    }
    for (const name of ["x".repeat(100), "收件箱", "Ωmega", "👩‍💻 work", "DROP TABLE folder;--", "%", "Trash"]) {
      const inbox = await alice.folder("inbox");
      expect((await create(alice, name, inbox.id)).name).toBe(name);
    }
  });

  it("is not changed by a request that says nothing, or something unknown", async () => {
    const alice = await aCheckedAccount();
    const { id } = await create(alice, "Work");
    expect(await problemAt(alice.call("PATCH", `/folders/${id}`, {}))).toBe("bad_request body");
    expect(await problemAt(alice.call("PATCH", `/folders/${id}`, { title: "x" }))).toBe("bad_request body");
    expect(await problemAt(alice.call("PATCH", `/folders/${id}`, { parent_id: "nonsense" }))).toBe(
      "bad_request body.parent_id",
    );
    expect(await problemAt(alice.call("POST", "/folders", { name: "Y", parent_id: "00000000000" }))).toBe("not_found");
    expect(await problemAt(alice.call("PATCH", "/folders/00000000000", { name: "Y" }))).toBe("not_found");
    expect(await problemAt(alice.call("PATCH", "/folders/nonsense", { name: "Y" }))).toBe("not_found");
  });

  it("that is given the name and place it has already makes no change", async () => {
    const alice = await aCheckedAccount();
    const work = await create(alice, "Work");
    const state = async () => (await (await alice.call("GET", "/changes")).json<{ state: string }>()).state;
    const before = await state();
    await change(alice, work.id, { name: "Work", parent_id: null });
    expect(await state()).toBe(before);
  });
});
