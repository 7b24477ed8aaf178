/** What is checked before a message is sent, and what is made of it. What becomes of it is in outbox.test.ts. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { putAlias } from "./answers.ts";
import { ok, problemAt, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { type Account, aDomain, anAccount, eventually } from "./mesh.ts";

const post = (account: Account, message: object, headers = {}) => account.call("POST", "/messages", message, headers);
const to = (...emails: string[]) => emails.map((email) => ({ email }));
const file = (content: string) => ({ filename: "a.bin", content });

describe("a message with several mistakes", () => {
  it("is answered with all of them: recipients, reply addresses, attachments", async () => {
    const alice = await anAccount();
    const message = {
      to: to("zoe@far.example", "no address", "Postmaster"),
      bcc: to("a b@far.example"),
      reply_to: to("alice@far.example", "nor this"),
      attachments: [file("AAAA"), file("AAA"), file("AA=A"), file("AAA$")],
    };
    const places = [
      ...["to.1.email", "to.2.email", "bcc.0.email", "reply_to.1.email"],
      ...["attachments.1.content", "attachments.2.content", "attachments.3.content"],
    ];
    const everything = `invalid_recipients ${places.map((place) => `body.${place}`).join(" ")}`;
    expect(await problemAt(post(alice, message))).toBe(everything);
    const { issues = [] } = await problemOf(post(alice, message));
    expect(issues.every(({ message: text }) => text.length > 3)).toBe(true);
    expect(await storedBytes(alice)).toEqual([]);
  });

  it("is answered with what the schema says, at its place", async () => {
    const alice = await anAccount();
    const wrong = {
      to: [{ name: "no email" }],
      subject: 7,
      send_at: "tomorrow",
      undo_seconds: 121,
      attachments: [{ content: "" }],
    };
    expect(await problemAt(post(alice, wrong))).toBe(
      "bad_request body.to.0.email body.subject body.attachments.0.filename body.send_at body.undo_seconds",
    );
    expect(await problemAt(post(alice, { to: to("z@far.example"), surprise: 1 }))).toMatch(/^bad_request body/);
    expect(await problemAt(post(alice, { to: to("z@far.example") }, { "idempotency-key": "a b" }))).toMatch(
      /^bad_request header/,
    );
  });

  it("may be a draft, but for attachments that are none", async () => {
    const alice = await anAccount();
    const half = { to: to("zo", "zoe@far.example"), reply_to: to("ali"), subject: "Half" };
    await ok(alice.call("POST", "/drafts", half), MessageSummary, 201);
    expect(await problemAt(alice.call("POST", "/drafts", { attachments: [file("A"), file("B")] }))).toBe(
      "bad_request body.attachments.0.content body.attachments.1.content",
    );
  });
});

describe("the recipients of a message", () => {
  it("are each one, however often and in which spelling they are named", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    await putAlias(`robert@${domain}`, bob.email);
    const named = [bob.email, `"bob"@${domain.toUpperCase()}`, `robert@${domain}`, `bob+x@${domain}`];
    const { submission_id } = await ok(post(alice, { to: to(...named), cc: to(bob.email) }), Sent, 202);
    const states = await eventually(async () => {
      const { state, recipients } = await (await alice.call("GET", `/submissions/${submission_id}`)).json<{
        state: string;
        recipients: { email: string }[];
      }>();
      return state === "delivered" && recipients.map(({ email }) => email);
    });
    expect(states.sort()).toEqual([`bob+x@${domain}`, bob.email, `robert@${domain}`].sort());
    const [message, ...others] = await bob.messages();
    expect(others).toEqual([]);
    expect((await bob.open(message?.id ?? "")).delivered_to.sort()).toEqual(states.sort());
  });
});

describe("sending without end", () => {
  it("is limited for each account", async () => {
    const alice = await anAccount();
    const { SEND_RATE } = env;
    env.SEND_RATE = { limit: async ({ key }) => ({ success: key !== alice.user_id }) };
    expect(await problemAt(post(alice, { to: to("zoe@far.example") }))).toBe("rate_limited");
    env.SEND_RATE = SEND_RATE;
    expect(await alice.messages("sent")).toEqual([]);
  });
});

describe("an Idempotency-Key", () => {
  it("is remembered though its message was deleted, and belongs to one account", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const key = { "idempotency-key": "k-1" };
    const message = { to: to("zoe@far.example"), send_at: new Date(Date.now() + 3_600_000).toISOString() };
    const first = await ok(post(alice, message, key), Sent, 202);
    for (let n = 0; n < 2; n++) await alice.call("DELETE", `/messages/${first.id}`);
    expect(await ok(post(alice, message, key), Sent, 202)).toEqual(first);
    expect(await alice.messages("sent")).toEqual([]);
    const his = await ok(post(bob, { ...message, subject: "Other" }, key), Sent, 202);
    expect(his.submission_id).not.toBe(first.submission_id);
  });

  it("is not used up by a request that was refused", async () => {
    const alice = await anAccount();
    const key = { "idempotency-key": "k-2" };
    expect(await problemAt(post(alice, { to: to("nobody") }, key))).toMatch(/^invalid_recipients/);
    await ok(post(alice, { to: to("zoe@far.example"), undo_seconds: 60 }, key), Sent, 202);
  });
});
