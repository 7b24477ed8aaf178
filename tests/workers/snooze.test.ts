/** Messages that leave the inbox until their owner wants them back. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Changes } from "../../contract/changes.ts";
import { Folder } from "../../contract/folders.ts";
import { MessageSummary } from "../../contract/messages.ts";
import { SearchPage } from "../../contract/search.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, anAccount, ingest } from "./mesh.ts";
import { alarmAfter, queueForgets, send } from "./outgoing.ts";

const ZOE = "zoe@far.example";
const HOUR = 3600;
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const patch = (account: Account, id: string, update: object) =>
  ok(account.call("PATCH", `/messages/${id}`, update), MessageSummary);
const snooze = (account: Account, id: string, seconds = HOUR) => patch(account, id, { snoozed_until: later(seconds) });
const found = async (account: Account, q: string) =>
  (await ok(account.call("GET", `/search?q=${encodeURIComponent(q)}`), SearchPage)).messages.map(({ id }) => id);
const idsIn = async (account: Account, role: "inbox" | "archive" | "trash" | "junk") =>
  (await account.messages(role)).map(({ id }) => id);

/** A mailbox with one message in the inbox, read. */
async function aMessage(fields: Parameters<typeof aLetter>[0] = {}) {
  const alice = await aCheckedAccount();
  await ingest(ZOE, alice.email, aLetter({ to: alice.email, ...fields }));
  const [message] = await alice.messages();
  const id = message?.id ?? "";
  await patch(alice, id, { is_read: true });
  return { alice, id };
}

describe("a snoozed message", () => {
  it("is out of the inbox, in the archive, and says until when; a search finds it", async () => {
    const { alice, id } = await aMessage();
    const until = later(HOUR);
    expect(await patch(alice, id, { snoozed_until: until })).toMatchObject({ snoozed_until: until, is_read: true });
    expect(await idsIn(alice, "inbox")).toEqual([]);
    expect(await alice.messages("archive")).toMatchObject([{ id, snoozed_until: until }]);
    expect((await alice.open(id)).snoozed_until).toBe(until);
    expect(await found(alice, "is:snoozed")).toEqual([id]);
    expect(await found(alice, "in:snoozed hello")).toEqual([id]);
    expect(await found(alice, "-is:snoozed")).toEqual([]);
  });

  it("comes back unread when it is time and not before, marked, and clients hear of it", async () => {
    const { alice, id } = await aMessage();
    await snooze(alice, id);
    const { state } = await ok(alice.call("GET", "/changes"), Changes);
    await alarmAfter(HOUR - 60, alice.stub);
    expect(await idsIn(alice, "inbox")).toEqual([]);
    await alarmAfter(HOUR + 1, alice.stub);
    expect(await alice.messages()).toMatchObject([
      { id, is_read: false, keywords: ["$new"], snoozed_until: null, folder_ids: [(await alice.folder("inbox")).id] },
    ]);
    const { message } = await ok(alice.call("GET", `/changes?since=${state}`), Changes);
    expect(message.changed).toEqual([id]);
    expect(await found(alice, "is:woken")).toEqual([id]);
    expect(await found(alice, "is:snoozed")).toEqual([]);
    expect(await idsIn(alice, "archive")).toEqual([]);
  });

  it("keeps its other folders, and what was archived already comes into the inbox too", async () => {
    const { alice, id } = await aMessage();
    const work = await ok(alice.call("POST", "/folders", { name: "Work" }), Folder, 201);
    const archive = await alice.folder("archive");
    const inbox = await alice.folder("inbox");
    await patch(alice, id, { folder_ids: [inbox.id, work.id] });
    expect((await snooze(alice, id)).folder_ids).toEqual([work.id]);
    await alarmAfter(HOUR + 1, alice.stub);
    expect((await alice.open(id)).folder_ids.sort()).toEqual([inbox.id, work.id].sort());
    await patch(alice, id, { folder_ids: [archive.id] });
    await snooze(alice, id);
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await idsIn(alice, "inbox")).toEqual([id]);
  });

  it("is snoozed anew by another time, and comes back at once by none, as it was", async () => {
    const { alice, id } = await aMessage();
    await snooze(alice, id);
    await snooze(alice, id, 3 * HOUR);
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await idsIn(alice, "inbox")).toEqual([]);
    expect(await patch(alice, id, { snoozed_until: null })).toMatchObject({ is_read: true, keywords: [] });
    expect(await idsIn(alice, "inbox")).toEqual([id]);
    await alarmAfter(4 * HOUR, alice.stub);
    expect(await alice.messages()).toMatchObject([{ is_read: true }]);
  });

  it("that is none is not changed by waking it", async () => {
    const { alice, id } = await aMessage();
    await patch(alice, id, { folder_ids: [(await alice.folder("archive")).id] });
    await patch(alice, id, { snoozed_until: null });
    expect(await idsIn(alice, "archive")).toEqual([id]);
  });

  it.each<[string, (alice: Account, id: string) => Promise<unknown>, "inbox" | "trash" | "junk"]>([
    [
      "put into the inbox",
      async (alice, id) => patch(alice, id, { folder_ids: [(await alice.folder("inbox")).id] }),
      "inbox",
    ],
    ["put into junk", async (alice, id) => patch(alice, id, { folder_ids: [(await alice.folder("junk")).id] }), "junk"],
    ["thrown away", (alice, id) => done(alice.call("DELETE", `/messages/${id}`)), "trash"],
  ])("that is %s stays there", async (_what, move, role) => {
    const { alice, id } = await aMessage();
    await snooze(alice, id);
    await move(alice, id);
    expect((await alice.open(id)).snoozed_until).toBeNull();
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await alice.messages(role)).toMatchObject([{ id, is_read: true, keywords: [] }]);
  });

  it("that is given another label, or marked, comes back all the same", async () => {
    const { alice, id } = await aMessage();
    const work = await ok(alice.call("POST", "/folders", { name: "Work" }), Folder, 201);
    await snooze(alice, id);
    await patch(alice, id, { folder_ids: [work.id], is_flagged: true, keywords: ["mine"] });
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await alice.messages()).toMatchObject([{ id, is_flagged: true, keywords: ["mine", "$new"] }]);
  });

  it("that was destroyed does not come back", async () => {
    const { alice, id } = await aMessage();
    await snooze(alice, id);
    await done(alice.call("DELETE", `/messages/${id}`));
    await done(alice.call("DELETE", `/messages/${id}`));
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await idsIn(alice, "inbox")).toEqual([]);
  });
});

describe("what came back", () => {
  it("is new until it is read or leaves the inbox", async () => {
    const { alice, id } = await aMessage();
    const wake = async () => {
      await snooze(alice, id);
      await alarmAfter(HOUR + 1, alice.stub);
      expect(await found(alice, "is:woken")).toEqual([id]);
    };
    await wake();
    expect((await patch(alice, id, { is_read: true })).keywords).toEqual([]);
    await wake();
    expect((await patch(alice, id, { folder_ids: [(await alice.folder("archive")).id] })).keywords).toEqual([]);
    expect(await found(alice, "is:woken")).toEqual([]);
  });
});

describe("a conversation that goes on", () => {
  const first = { id: "first@far.example", subject: "Tea" };
  const answer = (extra: string, from = "Zoe <zoe@far.example>") =>
    aLetter({ subject: "Re: Tea", from, extra: `In-Reply-To: <first@far.example>\r\n${extra}` });

  it("brings what is snoozed of it back, beside the message that is new, and leaves others snoozed", async () => {
    const { alice, id } = await aMessage(first);
    await ingest(ZOE, alice.email, aLetter({ subject: "Coffee" }));
    const other = (await alice.messages()).find(({ subject }) => subject === "Coffee")?.id ?? "";
    await snooze(alice, id);
    await snooze(alice, other);
    await ingest(ZOE, alice.email, answer(""));
    expect((await alice.messages()).map(({ subject, is_read }) => [subject, is_read])).toEqual([
      ["Re: Tea", false],
      ["Tea", true],
    ]);
    expect(await found(alice, "is:snoozed")).toEqual([other]);
  });

  it("by mail that goes to junk does not", async () => {
    const { alice, id } = await aMessage(first);
    await snooze(alice, id);
    await alice.call("POST", "/blocked-senders", { sender: ZOE });
    await ingest("bounces@mailer.example", alice.email, answer(""));
    expect(await alice.messages("junk")).toHaveLength(1);
    expect(await idsIn(alice, "inbox")).toEqual([]);
  });

  it("by the owner's answer brings it back too", async () => {
    const { alice, id } = await aMessage(first);
    await snooze(alice, id);
    queueForgets();
    await send(alice, [ZOE], { subject: "Re: Tea", in_reply_to: id });
    expect(await alice.messages()).toMatchObject([{ id, is_read: true, snoozed_until: null }]);
  });

  it("that is muted does not come back", async () => {
    const { alice, id } = await aMessage(first);
    await snooze(alice, id);
    const { thread_id } = await alice.open(id);
    await done(alice.call("PATCH", `/threads/${thread_id}`, { is_muted: true }));
    await alarmAfter(2 * HOUR, alice.stub);
    expect(await idsIn(alice, "inbox")).toEqual([]);
    expect((await alice.open(id)).snoozed_until).toBeNull();
  });
});

describe("many messages", () => {
  it("are snoozed by one request and come back together, more than the alarm brings at once", async () => {
    const alice = await aCheckedAccount();
    const COUNT = 230;
    for (let n = 0; n < COUNT; n += 10) {
      await Promise.all(Array.from({ length: 10 }, () => ingest(ZOE, alice.email, aLetter())));
    }
    const ids = z.array(z.string());
    const all: string[] = [];
    for (const page of [0, 1, 2]) {
      const messages = await alice.messages();
      all.push(...ids.parse(messages.map(({ id }) => id)));
      const update = { ids: messages.map(({ id }) => id), snoozed_until: later(HOUR) };
      expect((await alice.call("POST", "/messages/batch", update)).status).toBe(200);
      expect(page).toBeLessThan(3);
    }
    expect(all).toHaveLength(COUNT);
    expect((await alice.folder("inbox")).total).toBe(0);
    await alarmAfter(HOUR + 10, alice.stub);
    await alarmAfter(HOUR + 20, alice.stub);
    expect(await alice.folder("inbox")).toMatchObject({ total: COUNT, unread: COUNT });
  });
});

describe("a snooze is refused", () => {
  it.each<[string, object, string]>([
    ["for a moment that is past", { snoozed_until: later(-1) }, "bad_request body.snoozed_until"],
    ["for what is no time", { snoozed_until: "tomorrow" }, "bad_request body.snoozed_until"],
    ["together with folders", { snoozed_until: null, folder_ids: ["0yynqae5wcr"] }, "bad_request body.snoozed_until"],
  ])("%s", async (_what, update, problem) => {
    const { alice, id } = await aMessage();
    expect(await problemAt(alice.call("PATCH", `/messages/${id}`, update))).toBe(problem);
    expect(await problemAt(alice.call("POST", "/messages/batch", { ids: [id], ...update }))).toBe(problem);
    expect(await idsIn(alice, "inbox")).toEqual([id]);
  });

  it("of a draft and of what was thrown away, and then nothing of the batch is done", async () => {
    const { alice, id } = await aMessage();
    const draft = await ok(alice.call("POST", "/drafts", { subject: "x" }), MessageSummary, 201);
    const update = { ids: [id, draft.id], snoozed_until: later(HOUR) };
    expect(await problemAt(alice.call("POST", "/messages/batch", update))).toBe("invalid_folders body.snoozed_until");
    expect(await idsIn(alice, "inbox")).toEqual([id]);
    await done(alice.call("DELETE", `/messages/${id}`));
    expect(await problemAt(alice.call("PATCH", `/messages/${id}`, { snoozed_until: later(HOUR) }))).toBe(
      "invalid_folders body.snoozed_until",
    );
  });

  it("of another's message", async () => {
    const { id } = await aMessage();
    const bob = await anAccount();
    expect(await problemAt(bob.call("PATCH", `/messages/${id}`, { snoozed_until: later(HOUR) }))).toBe("not_found");
  });
});
