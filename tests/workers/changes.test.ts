import { describe, expect, it } from "vitest";
import { Changes } from "../../contract/changes.ts";
import { Folder } from "../../contract/folders.ts";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

const changes = (account: Account, query = ""): Promise<Changes> =>
  ok(account.call("GET", `/changes${query}`), Changes);
const since = (account: Account, state: string): Promise<Changes> => changes(account, `?since=${state}`);
const stateOf = async (account: Account): Promise<string> => (await changes(account)).state;

async function received(account: Account, fields: Parameters<typeof aLetter>[0] = {}): Promise<MessageSummary> {
  await ingest("zoe@far.example", account.email, aLetter(fields));
  const [newest] = await account.messages();
  return MessageSummary.parse(newest);
}

const NOTHING = { created: [], changed: [], destroyed: [] };

describe("the changes since a state", () => {
  it("are none without a state, and none since the present one", async () => {
    const alice = await aCheckedAccount();
    await received(alice);
    const now = await changes(alice);
    expect(now).toMatchObject({
      has_more: false,
      message: NOTHING,
      thread: NOTHING,
      folder: NOTHING,
      submission: NOTHING,
    });
    expect(await since(alice, now.state)).toEqual({ ...now, since: now.state });
  });

  it("name a delivery's message, thread and folders", async () => {
    const alice = await aCheckedAccount();
    const before = await stateOf(alice);
    const letter = await received(alice, { id: "a@far.example" });
    const [inbox, all] = [await alice.folder("inbox"), await alice.folder("all")];
    const first = await since(alice, before);
    expect(first).toMatchObject({
      message: { ...NOTHING, created: [letter.id] },
      thread: { ...NOTHING, created: [letter.thread_id] },
      submission: NOTHING,
    });
    expect(first.folder.changed.sort()).toEqual([inbox.id, all.id].sort());
    const answer = await received(alice, { extra: "In-Reply-To: <a@far.example>\r\n" });
    expect(await since(alice, first.state)).toMatchObject({
      message: { ...NOTHING, created: [answer.id] },
      thread: { ...NOTHING, changed: [letter.thread_id] },
    });
  });

  it("name what was marked, moved and destroyed, each once", async () => {
    const alice = await aCheckedAccount();
    const [a, b] = [await received(alice), await received(alice)];
    const before = await stateOf(alice);
    for (const update of [{ is_read: true }, { is_flagged: true }, { is_read: false }])
      await alice.call("PATCH", `/messages/${a.id}`, update);
    const marked = await since(alice, before);
    expect(marked).toMatchObject({ message: { ...NOTHING, changed: [a.id] }, thread: NOTHING });
    await done(alice.call("DELETE", `/messages/${a.id}`));
    await done(alice.call("DELETE", `/messages/${a.id}`));
    await alice.call("PATCH", `/messages/${b.id}`, { is_read: true });
    const gone = {
      message: { created: [], changed: [b.id], destroyed: [a.id] },
      thread: { ...NOTHING, destroyed: [a.thread_id] },
    };
    expect(await since(alice, before)).toMatchObject(gone);
    expect(await since(alice, marked.state)).toMatchObject(gone);
    // Who never saw it need not hear that it came and went.
    expect(await since(alice, "0")).toMatchObject({
      message: { ...NOTHING, created: [b.id] },
      thread: { ...NOTHING, created: [b.thread_id] },
    });
  });

  it("name own folders and submissions", async () => {
    const alice = await aCheckedAccount();
    const before = await stateOf(alice);
    const folder = await ok(alice.call("POST", "/folders", { name: "Work" }), Folder, 201);
    const made = await since(alice, before);
    expect(made.folder).toEqual({ ...NOTHING, created: [folder.id] });
    await ok(alice.call("PATCH", `/folders/${folder.id}`, { name: "Play" }), Folder);
    expect((await since(alice, made.state)).folder).toEqual({ ...NOTHING, changed: [folder.id] });
    const renamed = await stateOf(alice);
    await done(alice.call("DELETE", `/folders/${folder.id}`));
    expect((await since(alice, renamed)).folder).toEqual({ ...NOTHING, destroyed: [folder.id] });
    const message = { to: [{ email: "zoe@far.example" }], undo_seconds: 60 };
    const sent = await ok(alice.call("POST", "/messages", message), Sent, 202);
    const accepted = await since(alice, before);
    expect(accepted).toMatchObject({
      submission: { ...NOTHING, created: [sent.submission_id] },
      message: { created: [sent.id] },
    });
    await done(alice.call("DELETE", `/submissions/${sent.submission_id}`));
    expect(await since(alice, accepted.state)).toMatchObject({
      submission: { changed: [sent.submission_id] },
      message: { changed: [sent.id] },
    });
  });

  it("come in pieces when there are many, which together are all", async () => {
    const alice = await aCheckedAccount();
    const before = Number(await stateOf(alice));
    const nth = (n: number) => ({ subject: `${n}` });
    await deliverMany(alice, 100, nth, { withBytes: true });
    const ids = (await alice.messages()).map(({ id }) => id);
    for (let n = 1; n <= 12; n++) await alice.call("POST", "/messages/batch", { ids, is_read: n % 2 === 1 });
    await deliverMany(alice, 50, nth, { withBytes: true });
    const pieces: Changes[] = [];
    for (let from = String(before); pieces.at(-1)?.has_more !== false; from = pieces.at(-1)?.state ?? "")
      pieces.push(await since(alice, from));
    const lengths = pieces.map(({ since, state, has_more }) => [
      Number(since) - before,
      Number(state) - before,
      has_more,
    ]);
    expect(lengths).toEqual([
      [0, 1000, true],
      [1000, 1350, false],
    ]);
    expect(pieces.map(({ message }) => [message.created.length, message.changed.length])).toEqual([
      [100, 0],
      [50, 100],
    ]);
    expect(pieces[1]?.folder.changed).toContain((await alice.folder("inbox")).id);
  });

  it("are refused for a state that never was, without waiting", async () => {
    const alice = await aCheckedAccount();
    const begin = Date.now();
    expect(await problemAt(alice.call("GET", "/changes?since=5&wait=5"))).toBe("bad_state query.since");
    expect(await problemAt(alice.call("GET", "/changes?since=999999999999999"))).toBe("bad_state query.since");
    expect(Date.now() - begin).toBeLessThan(2000);
  });
});

describe("a long poll", () => {
  it("is answered as soon as something happens", async () => {
    const alice = await aCheckedAccount();
    const before = await stateOf(alice);
    let answered = 0;
    const polls = [1, 2, 3].map(async () => {
      const answer = await changes(alice, `?since=${before}&wait=20`);
      answered = Date.now();
      return answer;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(0);
    const delivered = Date.now();
    await ingest("zoe@far.example", alice.email, aLetter());
    for (const answer of await Promise.all(polls)) expect(answer.message.created).toHaveLength(1);
    expect(answered - delivered).toBeLessThan(1000);
  });

  it("is answered at once when something happened before it came", async () => {
    const alice = await aCheckedAccount();
    const before = await stateOf(alice);
    await received(alice);
    const begin = Date.now();
    expect((await changes(alice, `?since=${before}&wait=20`)).message.created).toHaveLength(1);
    expect(Date.now() - begin).toBeLessThan(1000);
  });

  it("is answered with nothing when the time is over", async () => {
    const alice = await aCheckedAccount();
    const begin = Date.now();
    const answer = await changes(alice, "?wait=1");
    expect(answer).toMatchObject({ message: NOTHING, has_more: false, since: answer.state });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(900);
  });

  it("ends with the login that it came with", async () => {
    const alice = await aCheckedAccount();
    const begin = Date.now();
    const poll = alice.call("GET", "/changes?wait=20");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await done(alice.call("DELETE", "/sessions/current"));
    expect(await problemAt(poll)).toBe("unauthenticated");
    expect(Date.now() - begin).toBeLessThan(5000);
  });
});
