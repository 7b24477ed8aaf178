import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Message, MessageSummary, Sent } from "../../contract/messages.ts";
import { Submission } from "../../contract/submissions.ts";
import { putAlias } from "./answers.ts";
import { done, ok, problemAt, problemOf } from "./api-answers.ts";
import { type Account, aDomain, aLetter, anAccount, eventually, ingest } from "./mesh.ts";

const send = (account: Account, message: object, headers = {}) => account.call("POST", "/messages", message, headers);
const accepted = (account: Account, message: object, headers = {}) => ok(send(account, message, headers), Sent, 202);
const to = (...emails: string[]) => emails.map((email) => ({ email }));

async function twoAccounts(): Promise<[Account, Account]> {
  const domain = await aDomain();
  return [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
}

/** The only message of an inbox, once it is there. */
const arrived = (account: Account) =>
  eventually(async () => {
    const [message] = await account.messages();
    return message && account.open(message.id);
  });

describe("a message that cannot be sent", () => {
  it("is refused with everything that is wrong, and where", async () => {
    const alice = await anAccount();
    const message = { to: to("zoe@far.example", "no address"), cc: to("a@b@c@"), bcc: to("x@127.0.0.1") };
    expect(await problemAt(send(alice, message))).toBe(
      "invalid_recipients body.to.1.email body.cc.0.email body.bcc.0.email",
    );
  });

  it("is refused when it goes to nobody, or to too many", async () => {
    const alice = await anAccount();
    expect(await problemAt(send(alice, { subject: "x" }))).toBe("invalid_recipients body.to");
    const many = Array.from({ length: 501 }, (_, n) => ({ email: `r${n}@far.example` }));
    expect(await problemAt(send(alice, { to: many }))).toBe("invalid_recipients body.to");
  });

  it("is refused when its attachment is not base64", async () => {
    const alice = await anAccount();
    const attachments = [
      { filename: "a", content: "AAAA" },
      { filename: "b", content: "AAA$" },
    ];
    expect(await problemAt(send(alice, { to: to("z@far.example"), attachments }))).toBe(
      "bad_request body.attachments.1.content",
    );
  });

  it("leaves nothing in Sent and no bytes behind", async () => {
    const alice = await anAccount();
    await problemOf(send(alice, { to: to("nobody") }));
    await problemOf(send(alice, { from: { email: "boss@far.example" }, to: to("zoe@far.example") }));
    expect(await alice.messages("sent")).toEqual([]);
    expect((await env.MAIL.list({ prefix: `raw/${alice.user_id}/` })).objects).toEqual([]);
  });
});

describe("the sender", () => {
  it("is the account, or any address that leads to it alone", async () => {
    const [alice, bob] = await twoAccounts();
    const domain = alice.email.split("@")[1];
    await putAlias(`sales@${domain}`, alice.email);
    for (const email of [`sales@${domain}`, `alice+news@${domain}`, `Alice@${domain}`]) {
      const { id } = await accepted(alice, { from: { name: "A.", email }, to: to(bob.email) });
      expect((await alice.open(id)).from).toEqual({ name: "A.", email });
    }
  });

  it("is never somebody else, a shared address, or what a catch-all would take", async () => {
    const [alice, bob] = await twoAccounts();
    const domain = alice.email.split("@")[1];
    await putAlias(`team@${domain}`, alice.email, bob.email);
    await putAlias(`*@${domain}`, alice.email);
    for (const email of [bob.email, `team@${domain}`, `anything@${domain}`, "ceo@far.example", "nonsense"]) {
      expect(await problemAt(send(alice, { from: { email }, to: to("z@far.example") }))).toBe(
        "invalid_sender body.from.email",
      );
    }
  });
});

describe("an Idempotency-Key", () => {
  it("sends once, however often the request comes, also at the same time", async () => {
    const [alice, bob] = await twoAccounts();
    const message = { to: to(bob.email), subject: "Once" };
    const key = { "idempotency-key": crypto.randomUUID() };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => accepted(alice, message, key)));
    others.push(await accepted(alice, message, key));
    expect(others).toEqual([first, first, first]);
    await arrived(bob);
    expect(await bob.messages()).toHaveLength(1);
    expect(await alice.messages("sent")).toHaveLength(1);
    expect((await env.MAIL.list({ prefix: `raw/${alice.user_id}/` })).objects).toHaveLength(1);
  });

  it("is refused for another request", async () => {
    const [alice, bob] = await twoAccounts();
    const key = { "idempotency-key": "k-1" };
    await accepted(alice, { to: to(bob.email), subject: "One" }, key);
    expect(await problemAt(send(alice, { to: to(bob.email), subject: "Two" }, key))).toBe("idempotency_key_reused");
  });
});

describe("the undo window", () => {
  it("takes the message back to the drafts, and nobody gets it", async () => {
    const [alice, bob] = await twoAccounts();
    const sent = await accepted(alice, { to: to(bob.email), subject: "Oops", undo_seconds: 30 });
    const waiting = await ok(alice.call("GET", `/submissions/${sent.submission_id}`), Submission);
    expect(waiting).toMatchObject({ state: "queued", can_undo: true });
    await done(alice.call("DELETE", `/submissions/${sent.submission_id}`));
    const undone = await ok(alice.call("GET", `/submissions/${sent.submission_id}`), Submission);
    expect(undone).toMatchObject({ state: "cancelled", can_undo: false, next_attempt_at: null });
    expect((await alice.messages("drafts")).map(({ subject, is_draft }) => ({ subject, is_draft }))).toEqual([
      { subject: "Oops", is_draft: true },
    ]);
    expect(await alice.messages("sent")).toEqual([]);
    expect(await bob.messages()).toEqual([]);
  });

  it("is over when the message is on its way", async () => {
    const [alice, bob] = await twoAccounts();
    const { submission_id } = await accepted(alice, { to: to(bob.email) });
    await arrived(bob);
    expect(await problemAt(alice.call("DELETE", `/submissions/${submission_id}`))).toBe("too_late");
  });
});

describe("a message between two accounts", () => {
  it("shows Bcc in the sender's copy alone", async () => {
    const [alice, bob] = await twoAccounts();
    const { id } = await accepted(alice, {
      to: to("x@far.example"),
      bcc: [{ name: "Bob", email: bob.email }],
      subject: "Psst",
    });
    const raw = (account: Account, messageId: string) =>
      account.call("GET", `/messages/${messageId}/raw`).then((answer) => answer.text());
    expect((await alice.open(id)).bcc).toEqual([{ name: "Bob", email: bob.email }]);
    expect(await raw(alice, id)).toMatch(/^Bcc: /m);
    const his = await arrived(bob);
    expect(his.bcc).toEqual([]);
    expect(his.delivered_to).toEqual([bob.email]);
    expect(await raw(bob, his.id)).not.toMatch(/Bcc|Psst.*bob/i);
  });

  it("joins the conversation that it answers, by id or by Message-ID", async () => {
    const [alice, bob] = await twoAccounts();
    await ingest(
      "zoe@far.example",
      alice.email,
      aLetter({ id: "q@far.example", extra: "References: <p@far.example>\r\n", to: alice.email }),
    );
    const question = await arrived(alice);
    for (const in_reply_to of [question.id, "q@far.example", "<q@far.example>"]) {
      const { id } = await accepted(alice, { to: to(bob.email), in_reply_to });
      const copy = await alice.open(id);
      expect(copy.headers).toMatchObject({
        in_reply_to: "q@far.example",
        references: ["p@far.example", "q@far.example"],
      });
      expect(copy.thread_id).toBe(question.thread_id);
    }
  });

  it("carries 3 MB intact, and to oneself it is in Sent and in the inbox", async () => {
    const alice = await anAccount();
    const bytes = new Uint8Array(3_000_000).map((_, n) => (n * 7919) % 256);
    const attachments = [{ filename: "größe.bin", content: Buffer.from(bytes).toString("base64") }];
    await accepted(alice, { to: to(alice.email), subject: "To me", attachments });
    const message: Message = await arrived(alice);
    expect(message.attachments).toMatchObject([{ filename: "größe.bin", size: 3_000_000 }]);
    const given = await (await alice.call("GET", `/messages/${message.id}/attachments/0`)).arrayBuffer();
    expect(Buffer.from(given).equals(Buffer.from(bytes))).toBe(true);
    expect((await alice.messages("sent")).map(({ subject }) => subject)).toEqual(["To me"]);
  });
});

describe("a scheduled message", () => {
  it("waits for its time, and a year is too far", async () => {
    const alice = await anAccount();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const { submission_id } = await accepted(alice, { to: to("z@far.example"), send_at: at });
    const waiting = await ok(alice.call("GET", `/submissions/${submission_id}`), Submission);
    expect(waiting).toMatchObject({ state: "queued", send_at: at, next_attempt_at: at, attempts: 0 });
    const far = new Date(Date.now() + 400 * 86_400_000).toISOString();
    expect(await problemAt(send(alice, { to: to("z@far.example"), send_at: far }))).toBe("bad_request body.send_at");
  });
});

describe("a draft that is sent", () => {
  it("goes, and the message is in Sent", async () => {
    const [alice, bob] = await twoAccounts();
    const draft = await ok(alice.call("POST", "/drafts", { subject: "Half", to: to("bo") }), MessageSummary, 201);
    await ok(alice.call("POST", `/drafts/${draft.id}/send`, { to: to(bob.email), subject: "Whole" }), Sent, 202);
    expect(await alice.messages("drafts")).toEqual([]);
    expect((await arrived(bob)).subject).toBe("Whole");
  });
});
