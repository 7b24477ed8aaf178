import { describe, expect, it } from "vitest";
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

  it("is not joined because two messages have a subject in common", async () => {
    const alice = await aCheckedAccount();
    const [first, second] = [
      await received(alice, { subject: "Report" }),
      await received(alice, { subject: "Re: Report" }),
    ];
    expect(second.thread_id).not.toBe(first.thread_id);
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
