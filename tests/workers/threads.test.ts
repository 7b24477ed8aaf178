import { describe, expect, it } from "vitest";
import { Changes } from "../../contract/changes.ts";
import { type Message, MessageSummary, Sent, Thread } from "../../contract/messages.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

type Fields = Parameters<typeof aLetter>[0];

async function received(account: Account, fields: Fields): Promise<MessageSummary> {
  await ingest("zoe@far.example", account.email, aLetter({ to: account.email, ...fields }));
  const [newest] = await account.messages();
  return MessageSummary.parse(newest);
}

const answering = (id: string, ...before: string[]): string =>
  lines(`In-Reply-To: <${id}>`, `References: ${[...before, id].map((one) => `<${one}>`).join(" ")}`);

async function threadOf(account: Account, id: string, query = ""): Promise<Thread> {
  return ok(account.call("GET", `/threads/${id}${query}`), Thread);
}

const send = async (account: Account, message: object): Promise<Message> =>
  account.open((await ok(account.call("POST", "/messages", { undo_seconds: 120, ...message }), Sent, 202)).id);

describe("a thread", () => {
  it("is joined by the answers of those who have a part in it, oldest first", async () => {
    const alice = await aCheckedAccount();
    const question = await received(alice, { id: "q@far.example", subject: "Question" });
    const own = await send(alice, {
      to: [{ email: "zoe@far.example" }],
      in_reply_to: question.id,
      subject: "Re: Question",
    });
    const answer = await received(alice, {
      extra: answering(own.headers.message_id ?? "", "q@far.example"),
      subject: "AW: Question",
    });
    expect([own.thread_id, answer.thread_id]).toEqual([question.thread_id, question.thread_id]);
    const thread = await threadOf(alice, question.thread_id);
    expect(thread).toMatchObject({ id: question.thread_id, user_id: alice.user_id, next_cursor: null });
    expect(thread.messages.map(({ subject }) => subject)).toEqual(["Question", "Re: Question", "AW: Question"]);
  });

  it("is not joined by a stranger who knows a Message-ID", async () => {
    const alice = await aCheckedAccount();
    const question = await received(alice, { id: "q@far.example" });
    for (const from of ["Mallory <mallory@evil.example>", "<zoe@evil.example>", '"zoe@far.example" <m@evil.example>']) {
      const stranger = await received(alice, { from, extra: answering("q@far.example") });
      expect(stranger.thread_id).not.toBe(question.thread_id);
    }
    expect((await threadOf(alice, question.thread_id)).messages).toHaveLength(1);
  });

  it("is joined by whoever writes to the list that it goes to", async () => {
    const alice = await aCheckedAccount();
    const list = "talk@lists.example";
    const first = await received(alice, { id: "l1@far.example", to: list });
    const second = await received(alice, {
      from: "New <new@other.example>",
      to: list.toUpperCase(),
      extra: answering("l1@far.example"),
    });
    expect(second.thread_id).toBe(first.thread_id);
  });

  it("is not joined because two messages have a subject in common, unless one answers, and its author has a part", async () => {
    const alice = await aCheckedAccount();
    const first = await received(alice, { subject: "[List] Report  of May" });
    const again = await received(alice, { subject: "Report of May" });
    const stranger = await received(alice, { from: "x@other.example", subject: "Re: Report of May" });
    const other = await received(alice, { subject: "Re: Report of May, page 2" });
    const reply = await received(alice, { subject: "AW: Re[2]: report of may" });
    const threads = [first, again, stranger, other].map(({ thread_id }) => thread_id);
    expect(new Set(threads).size).toBe(4);
    // The newest conversation of that subject in which Zoe has a part.
    expect(reply.thread_id).toBe(again.thread_id);
  });

  it("is one with the answers that came before it", async () => {
    const alice = await aCheckedAccount();
    const to = "Team <team@far.example>";
    const one = await received(alice, {
      from: "a@far.example",
      to,
      subject: "Re: Plan",
      extra: answering("p@far.example"),
    });
    const two = await received(alice, {
      from: "b@far.example",
      to,
      subject: "Re: Plan",
      extra: answering("p@far.example"),
    });
    const parent = await received(alice, { from: "c@far.example", to, subject: "Plan", id: "p@far.example" });
    const late = await received(alice, {
      from: "d@far.example",
      to,
      subject: "Re: Plan",
      extra: answering("p@far.example"),
    });
    expect(new Set([parent.thread_id, late.thread_id])).toEqual(new Set([one.thread_id]));
    expect((await threadOf(alice, one.thread_id)).messages.map(({ id }) => id)).toEqual(
      [one, two, parent, late].map(({ id }) => id),
    );
  });

  it("is not one with answers whose author, or its own, has no part in the other", async () => {
    const alice = await aCheckedAccount();
    const answer = await received(alice, {
      from: "a@far.example",
      to: "b@far.example",
      extra: answering("p@far.example"),
    });
    const forged = await received(alice, { from: "x@evil.example", to: "a@far.example", id: "p@far.example" });
    expect(forged.thread_id).not.toBe(answer.thread_id);
  });

  it("is one with another when a message answers both, of one subject", async () => {
    const alice = await aCheckedAccount();
    const [a, b] = [
      await received(alice, { subject: "Offer", id: "a@far.example" }),
      await received(alice, { subject: "Offer", id: "b@far.example" }),
    ];
    const c = await received(alice, { subject: "Invoice", id: "c@far.example" });
    const before = (await ok(alice.call("GET", "/changes"), Changes)).state;
    const both = await received(alice, {
      subject: "Re: Offer",
      extra: answering("c@far.example", "a@far.example", "b@far.example"),
    });
    expect(both.thread_id).toBe(c.thread_id);
    const joined = await received(alice, { subject: "Re: Offer", extra: answering("b@far.example", "a@far.example") });
    expect(joined.thread_id).toBe(a.thread_id);
    const messages = (await threadOf(alice, a.thread_id)).messages.map(({ id }) => id);
    expect(messages).toEqual([a, b, joined].map(({ id }) => id));
    expect(await problemAt(alice.call("GET", `/threads/${b.thread_id}`))).toBe("not_found");
    const { thread, message } = await ok(alice.call("GET", `/changes?since=${before}`), Changes);
    expect(thread).toEqual({ created: [], changed: [c.thread_id, a.thread_id], destroyed: [b.thread_id] });
    expect(message.changed).toEqual([b.id]);
  });

  it("is one with several others that lie in another folder than the message that answers them all", async () => {
    const alice = await aCheckedAccount();
    const threads: string[] = [];
    for (const id of ["a", "b", "c"]) {
      threads.push((await received(alice, { subject: "Offer", id: `${id}@far.example` })).thread_id);
    }
    const ids = (await alice.messages()).map(({ id }) => id);
    const { id: archive } = await alice.folder("archive");
    expect((await alice.call("POST", "/messages/batch", { ids, folder_ids: [archive] })).status).toBe(200);
    const answer = await received(alice, {
      subject: "Re: Offer",
      extra: answering("a@far.example", "b@far.example", "c@far.example"),
    });
    expect(answer.thread_id).toBe(threads[0]);
    expect((await threadOf(alice, answer.thread_id)).messages).toHaveLength(4);
  });

  it("is found through an ancestor when the message between is not here", async () => {
    const alice = await aCheckedAccount();
    const first = await received(alice, { id: "a@far.example" });
    const third = await received(alice, { extra: answering("lost@far.example", "a@far.example") });
    expect(third.thread_id).toBe(first.thread_id);
  });

  it("is the owner's to answer in, also as a blind copy, and with nobody addressed yet", async () => {
    const alice = await aCheckedAccount();
    const blind = await received(alice, { id: "b@far.example", to: "team@far.example" });
    const draft = await ok(alice.call("POST", "/drafts", { in_reply_to: blind.id }), MessageSummary, 201);
    expect(draft.thread_id).toBe(blind.thread_id);
    const sent = await send(alice, { to: [{ email: "third@other.example" }], in_reply_to: blind.id });
    expect(sent.thread_id).toBe(blind.thread_id);
  });

  it("of a thousand messages opens page by page", async () => {
    const alice = await aCheckedAccount();
    const first = await received(alice, { id: "q@far.example" });
    await deliverMany(alice, 999, (n) => ({ subject: `${n}`, extra: answering("q@far.example") }), { withBytes: true });
    const found: string[] = [];
    let pages = 0;
    for (let cursor = ""; ; pages++) {
      const page = await threadOf(alice, first.thread_id, `?limit=100${cursor}`);
      found.push(...page.messages.map(({ id }) => id));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect([pages, new Set(found).size]).toEqual([9, 1000]);
  });

  it("keeps its id when its first message goes, and ends with its last", async () => {
    const alice = await aCheckedAccount();
    const first = await received(alice, { id: "a@far.example" });
    const second = await received(alice, { extra: answering("a@far.example") });
    for (const { id } of [first, first]) await done(alice.call("DELETE", `/messages/${id}`));
    expect((await threadOf(alice, first.thread_id)).messages.map(({ id }) => id)).toEqual([second.id]);
    for (const { id } of [second, second]) await done(alice.call("DELETE", `/messages/${id}`));
    expect(await problemAt(alice.call("GET", `/threads/${first.thread_id}`))).toBe("not_found");
  });

  it("of more messages than a page opens page by page", async () => {
    const alice = await aCheckedAccount();
    const nth = (n: number) => ({
      id: `t${n}@far.example`,
      subject: `part ${n}`,
      ...(n === 0 ? {} : { extra: answering("t0@far.example") }),
    });
    await deliverMany(alice, 130, nth, { withBytes: true });
    const [newest] = await alice.messages();
    const shown: string[] = [];
    const sizes: number[] = [];
    for (let query = "?limit=60"; ; ) {
      const { messages, next_cursor } = await threadOf(alice, newest?.thread_id ?? "", query);
      shown.push(...messages.map(({ subject }) => subject));
      sizes.push(messages.length);
      if (next_cursor === null) break;
      query = `?limit=60&cursor=${next_cursor}`;
    }
    expect(sizes).toEqual([60, 60, 10]);
    expect(shown).toEqual(Array.from({ length: 130 }, (_, n) => `part ${n}`));
  });

  it("that is not here is not found, whatever the cursor", async () => {
    const alice = await aCheckedAccount();
    for (const subject of ["a", "b"]) await received(alice, { subject });
    const { id } = await alice.folder("inbox");
    const page = await (await alice.call("GET", `/folders/${id}/messages?limit=1`)).json<{ next_cursor: string }>();
    for (const thread of ["00000000000", id]) {
      expect(await problemAt(alice.call("GET", `/threads/${thread}`))).toBe("not_found");
      expect(await problemAt(alice.call("GET", `/threads/${thread}?cursor=${page.next_cursor}`))).toBe("not_found");
    }
  });
});

describe("a Message-ID", () => {
  it("that comes again with another text is another message", async () => {
    const alice = await aCheckedAccount();
    const one = await received(alice, { id: "same@far.example", body: "One." });
    const two = await received(alice, { id: "same@far.example", body: "Two.", from: "Mallory <m@evil.example>" });
    expect((await alice.open(one.id)).body.trim()).toBe("One.");
    expect((await alice.open(two.id)).body.trim()).toBe("Two.");
    // An answer to it goes to the thread of the one that its author had a part in, not to the newest.
    const answer = await received(alice, { extra: answering("same@far.example") });
    expect(answer.thread_id).toBe(one.thread_id);
  });
});
