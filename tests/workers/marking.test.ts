import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Changes } from "../../contract/changes.ts";
import { Folder } from "../../contract/folders.ts";
import { MAX_BATCH } from "../../contract/limits.ts";
import { MessageSummary } from "../../contract/messages.ts";
import { ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

async function aMessage(account: Account, subject = "Hello"): Promise<MessageSummary> {
  await ingest("zoe@far.example", account.email, aLetter({ subject }));
  const [newest] = await account.messages();
  return MessageSummary.parse(newest);
}

const patch = (account: Account, id: string, update: unknown): Promise<MessageSummary> =>
  ok(account.call("PATCH", `/messages/${id}`, update), MessageSummary);

async function batch(account: Account, body: unknown): Promise<MessageSummary[]> {
  return (await ok(account.call("POST", "/messages/batch", body), z.object({ messages: z.array(MessageSummary) })))
    .messages;
}

const stateOf = async (account: Account): Promise<string> => (await ok(account.call("GET", "/changes"), Changes)).state;

describe("marking a message", () => {
  it("reads, unreads, flags and unflags it, and the counts follow", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aMessage(alice);
    expect(await patch(alice, id, { is_read: true })).toMatchObject({ id, is_read: true, is_flagged: false });
    expect(await alice.folder("inbox")).toMatchObject({ total: 1, unread: 0 });
    expect(await patch(alice, id, { is_read: false, is_flagged: true })).toMatchObject({
      is_read: false,
      is_flagged: true,
    });
    expect(await alice.folder("inbox")).toMatchObject({ total: 1, unread: 1 });
    expect(await alice.folder("flagged")).toMatchObject({ total: 1, unread: 1 });
    expect(await patch(alice, id, { is_flagged: false })).toMatchObject({ is_read: false, is_flagged: false });
    expect(await alice.folder("flagged")).toMatchObject({ total: 0, unread: 0 });
    expect((await alice.open(id)).is_read).toBe(false);
  });

  it("moves it to one folder or to several", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aMessage(alice);
    const [inbox, archive] = [await alice.folder("inbox"), await alice.folder("archive")];
    const work = await ok(alice.call("POST", "/folders", { name: "Work" }), Folder, 201);
    expect((await patch(alice, id, { folder_ids: [archive.id, work.id, archive.id] })).folder_ids).toEqual([
      archive.id,
      work.id,
    ]);
    expect(await alice.folder("inbox")).toMatchObject({ total: 0, unread: 0 });
    expect(await alice.folder("archive")).toMatchObject({ total: 1, unread: 1 });
    expect((await patch(alice, id, { folder_ids: [work.id, inbox.id], is_read: true })).folder_ids).toEqual([
      work.id,
      inbox.id,
    ]);
    expect(await alice.folder("archive")).toMatchObject({ total: 0, unread: 0 });
    expect(await alice.folder("inbox")).toMatchObject({ total: 1, unread: 0 });
    await patch(alice, id, { folder_ids: [archive.id], is_read: false });
    expect(await alice.folder("archive")).toMatchObject({ total: 1, unread: 1 });
  });

  it("adds and takes away folders, whatever was done meanwhile, and leaves it somewhere", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aMessage(alice);
    const [inbox, archive, trash] = [
      await alice.folder("inbox"),
      await alice.folder("archive"),
      await alice.folder("trash"),
    ];
    const [work, home] = [
      await ok(alice.call("POST", "/folders", { name: "Work" }), Folder, 201),
      await ok(alice.call("POST", "/folders", { name: "Home" }), Folder, 201),
    ];
    await patch(alice, id, { add_folder_ids: [work.id] });
    const [both] = await batch(alice, { ids: [id], add_folder_ids: [home.id, home.id], is_read: true });
    expect(both).toMatchObject({ folder_ids: [inbox.id, work.id, home.id], is_read: true });
    const archived = { add_folder_ids: [archive.id], remove_folder_ids: [inbox.id, trash.id] };
    expect((await patch(alice, id, archived)).folder_ids).toEqual([work.id, home.id, archive.id]);
    const before = await stateOf(alice);
    await patch(alice, id, archived);
    expect(await stateOf(alice)).toBe(before);
    await patch(alice, id, { remove_folder_ids: [work.id, archive.id] });
    expect((await patch(alice, id, { remove_folder_ids: [home.id] })).folder_ids).toEqual([archive.id]);
    expect(await alice.folder("archive")).toMatchObject({ total: 1, unread: 0 });

    const all = await alice.folder("all");
    expect(await problemAt(alice.call("PATCH", `/messages/${id}`, { add_folder_ids: [all.id] }))).toBe(
      "invalid_folders body.add_folder_ids",
    );
    for (const unclear of [{ folder_ids: [inbox.id] }, { snoozed_until: null }])
      expect(await problemAt(alice.call("PATCH", `/messages/${id}`, { ...unclear, add_folder_ids: [work.id] }))).toBe(
        "bad_request body.add_folder_ids",
      );
  });

  it("as it is marked already changes nothing, in no log and no count", async () => {
    const alice = await aCheckedAccount();
    const message = await aMessage(alice);
    const [inbox, archive] = [await alice.folder("inbox"), await alice.folder("archive")];
    const moved = await patch(alice, message.id, { folder_ids: [inbox.id, archive.id], is_flagged: true });
    const before = await stateOf(alice);
    for (const update of [
      { is_read: false },
      { is_flagged: true },
      { folder_ids: [archive.id, inbox.id] },
      { is_read: false, is_flagged: true },
    ]) {
      expect(await patch(alice, message.id, update)).toEqual(moved);
    }
    expect(await stateOf(alice)).toBe(before);
  });

  it("puts nothing into a view, an unknown folder, or no folder at all", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aMessage(alice);
    const [inbox, flagged, all] = [
      await alice.folder("inbox"),
      await alice.folder("flagged"),
      await alice.folder("all"),
    ];
    const to = (...folder_ids: string[]) =>
      problemAt(alice.call("PATCH", `/messages/${id}`, { folder_ids, is_read: true }));
    expect(await to(flagged.id)).toBe("invalid_folders body.folder_ids");
    expect(await to(inbox.id, all.id)).toBe("invalid_folders body.folder_ids");
    expect(await to("00000000000")).toBe("not_found");
    expect(await to(inbox.id, "00000000000")).toBe("not_found");
    expect(await to()).toBe("bad_request body.folder_ids");
    expect(await to("inbox")).toBe("bad_request body.folder_ids.0");
    expect(await alice.open(id)).toMatchObject({ folder_ids: [inbox.id], is_read: false });
  });
});

describe("a batch", () => {
  it(`marks ${MAX_BATCH} messages in one change of each folder`, async () => {
    const alice = await aCheckedAccount();
    await deliverMany(alice, MAX_BATCH, (n) => ({ subject: `letter ${n}` }));
    const ids: string[] = [];
    const { id: inbox } = await alice.folder("inbox");
    for (let cursor = ""; ids.length < MAX_BATCH; ) {
      const answer = await alice.call("GET", `/folders/${inbox}/messages?limit=100${cursor}`);
      const page = await answer.json<{ messages: { id: string }[]; next_cursor: string | null }>();
      ids.push(...page.messages.map(({ id }) => id));
      cursor = `&cursor=${page.next_cursor}`;
    }
    const { id: archive } = await alice.folder("archive");
    const marked = await batch(alice, { ids, is_read: true, folder_ids: [archive] });
    expect(marked.map(({ id }) => id)).toEqual(ids);
    expect(await alice.folder("archive")).toMatchObject({ total: MAX_BATCH, unread: 0 });
    expect(await alice.folder("inbox")).toMatchObject({ total: 0, unread: 0 });
    expect(await problemAt(alice.call("POST", "/messages/batch", { ids: [...ids, ids[0]], is_read: true }))).toBe(
      "bad_request body.ids",
    );
    expect(await batch(alice, { ids, delete: true })).toHaveLength(MAX_BATCH);
    expect(await batch(alice, { ids, delete: true })).toEqual([]);
    expect(await alice.folder("all")).toMatchObject({ total: 0, unread: 0 });
  });

  it("does all of it or nothing", async () => {
    const alice = await aCheckedAccount();
    const [a, b] = [await aMessage(alice, "a"), await aMessage(alice, "b")];
    const before = await stateOf(alice);
    const { id: all } = await alice.folder("all");
    const refused = async (body: unknown) => problemAt(alice.call("POST", "/messages/batch", body));
    expect(await refused({ ids: [a.id, b.id, "00000000000"], is_read: true })).toBe("not_found");
    expect(await refused({ ids: [a.id, b.id, "00000000000"], delete: true })).toBe("not_found");
    expect(await refused({ ids: [a.id, b.id], is_flagged: true, folder_ids: [all] })).toBe(
      "invalid_folders body.folder_ids",
    );
    expect(await refused({ ids: [a.id], delete: true, is_read: true })).toBe("bad_request body");
    expect(await refused({ ids: [a.id] })).toBe("bad_request body");
    expect(await refused({ ids: [], is_read: true })).toBe("bad_request body.ids");
    expect(await alice.messages()).toEqual([b, a]);
    expect(await stateOf(alice)).toBe(before);
    expect((await batch(alice, { ids: [b.id, a.id, b.id], is_read: true })).map(({ id }) => id)).toEqual([b.id, a.id]);
  });
});
