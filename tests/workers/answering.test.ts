/** What sending does to the message that is answered or passed on, and telling its sender that it was read. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Sent } from "../../contract/messages.ts";
import { done, ok, problemAt, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, asAdmin, eventually, ingest, lines } from "./mesh.ts";
import { relayThrough, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const send = (account: Account, message: object): Promise<Sent> =>
  ok(account.call("POST", "/messages", { to: [{ email: ZOE }], body: "x", undo_seconds: 60, ...message }), Sent, 202);
const undo = ({ call }: Account, { submission_id }: Sent) => done(call("DELETE", `/submissions/${submission_id}`));
const keywordsOf = async (account: Account, id: string) => (await account.open(id)).keywords.sort();

async function aMessage(account: Account, fields: Parameters<typeof aLetter>[0] = {}, from = ZOE): Promise<string> {
  await ingest(from, account.email, aLetter(fields));
  return (await account.messages())[0]?.id ?? "";
}

describe("a message that is answered", () => {
  it("says so when the answer is accepted, and no more when the only one is undone", async () => {
    const alice = await aCheckedAccount();
    const id = await aMessage(alice, { id: "question@far.example" });
    const one = await send(alice, { in_reply_to: id });
    expect(await keywordsOf(alice, id)).toEqual(["$answered"]);
    const two = await send(alice, { in_reply_to: "<question@far.example>" });
    await undo(alice, one);
    expect(await keywordsOf(alice, id)).toEqual(["$answered"]);
    await undo(alice, two);
    expect(await keywordsOf(alice, id)).toEqual([]);
    // A draft of an answer is none.
    await alice.call("POST", "/drafts", { in_reply_to: id });
    expect(await keywordsOf(alice, id)).toEqual([]);
  });

  it("need not be here", async () => {
    const alice = await aCheckedAccount();
    await undo(alice, await send(alice, { in_reply_to: "<elsewhere@far.example>" }));
  });
});

describe("a message that is passed on", () => {
  it("says so, beside what else it says", async () => {
    const alice = await aCheckedAccount();
    const id = await aMessage(alice);
    await alice.call("PATCH", `/messages/${id}`, { keywords: ["todo"] });
    await send(alice, { forwarded_message_id: id, attachments: [{ message_id: id }] });
    await send(alice, { forwarded_message_id: id });
    expect(await keywordsOf(alice, id)).toEqual(["$forwarded", "todo"]);
    const refused = alice.call("POST", "/messages", { to: [{ email: ZOE }], forwarded_message_id: "00000000000" });
    expect(await problemAt(refused)).toBe("not_found");
    expect(await alice.messages("sent")).toHaveLength(2);
    expect(await storedBytes(alice)).toHaveLength(3);
  });
});

const ask = (address: string) => ({ extra: lines(`Disposition-Notification-To: <${address}>`) });
const confirm = (account: Account, id: string) => account.call("POST", `/messages/${id}/read-receipt`);

describe("a read receipt", () => {
  it("is asked for only by who wants one", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    for (const request_read_receipt of [true, false]) {
      const subject = `asks: ${request_read_receipt}`;
      await send(alice, { to: [{ email: bob.email }], subject, request_read_receipt, undo_seconds: 0 });
    }
    const found = await eventually(async () => {
      const messages = await bob.messages();
      return messages.length === 2 && Promise.all(messages.map(({ id }) => bob.open(id)));
    });
    expect(Object.fromEntries(found.map(({ subject, receipt_to }) => [subject, receipt_to]))).toEqual({
      "asks: true": alice.email,
      "asks: false": null,
    });
  });

  it("tells the asker at the owner's wish, once, and never by opening", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const request = { to: [{ email: `bob+work@${domain}` }], subject: "Größe?", request_read_receipt: true };
    const sent = await send(alice, { ...request, undo_seconds: 0 });
    const { id } = await eventually(async () => (await bob.messages())[0]);
    expect((await bob.open(id)).receipt_to).toBe(alice.email);
    await bob.call("PATCH", `/messages/${id}`, { is_read: true });
    const answers = await Promise.all([confirm(bob, id), confirm(bob, id), confirm(bob, id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    expect(await keywordsOf(bob, id)).toEqual(["$mdnsent"]);
    expect(await problemAt(confirm(bob, id))).toBe("conflict");
    const [receipt, ...others] = await eventually(async () => {
      const all = await alice.messages();
      return all.length > 0 && all;
    });
    expect(others).toEqual([]);
    const opened = await alice.open(receipt?.id ?? "");
    const { headers } = await alice.open(sent.id);
    expect(opened).toMatchObject({
      ...{ subject: "Read: Größe?", return_path: "", from: { email: `bob+work@${domain}` } },
      ...{ thread_id: (await alice.open(sent.id)).thread_id, headers: { in_reply_to: headers.message_id } },
    });
    expect(opened.body).toContain(`"Größe?" that you sent to bob+work@${domain}`);
    const raw = await (await alice.call("GET", `/messages/${opened.id}/raw`)).text();
    const text = raw.replaceAll("\r\n ", " ");
    expect(text).toContain("Content-Type: multipart/report; report-type=disposition-notification; boundary=");
    expect(text).toContain("Auto-Submitted: auto-replied\r\n");
    expect(text).toContain(
      `Final-Recipient: rfc822; bob+work@${domain}\r\nOriginal-Message-ID: <${headers.message_id}>\r\n`,
    );
    expect(text).toContain("Disposition: manual-action/MDN-sent-manually; displayed\r\n");
    // Nothing of it stays with who sent it.
    expect(await bob.messages("sent")).toEqual([]);
    await eventually(async () => (await storedBytes(bob)).length === 1, 15);
  });

  it("is refused, and not marked as sent, where what mail leaves by takes none; a relay takes it later", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const id = await aMessage(alice, ask(ZOE));
    const { status, detail } = await problemOf(confirm(alice, id));
    expect(`${status} ${detail}`).toMatch(/^409 .*send_email cannot send with an empty sender/);
    expect(await keywordsOf(alice, id)).toEqual([]);
    expect(await storedBytes(alice)).toHaveLength(1);
    // In the mesh it needs no transport.
    expect((await confirm(alice, await aMessage(alice, ask(bob.email)))).status).toBe(202);
    await eventually(async () => (await bob.messages()).length === 1);
    // The reverse-path names no domain: it is the account's whose relay counts.
    const relay = await relayThrough();
    delete env.RELAY_URL;
    const url = `smtp://127.0.0.1:${relay.port}`;
    expect((await asAdmin("PUT", `/domains/${domain}/relay`, { url })).status).toBe(200);
    expect((await confirm(alice, id)).status).toBe(202);
    const sent = await eventually(async () => (await taken(relay))[0]);
    expect(sent).toEqual({ mail_from: "", rcpt_to: [ZOE] });
  });

  it("does not leave an account that is stopped, and can be sent when it is not any more", async () => {
    const alice = await aCheckedAccount();
    await relayThrough();
    const id = await aMessage(alice, ask(ZOE));
    const stop = (is_stopped: boolean) => asAdmin("PUT", `/accounts/${alice.email}/sending`, { is_stopped });
    expect((await stop(true)).status).toBe(200);
    expect(await problemAt(confirm(alice, id))).toBe("sending_stopped");
    expect(await storedBytes(alice)).toHaveLength(1);
    await stop(false);
    expect((await confirm(alice, id)).status).toBe(202);
  });

  it("is not sent where nobody asked, or nobody waits for it", async () => {
    const alice = await aCheckedAccount();
    await relayThrough();
    const refuse = async (id: string, why: RegExp) => {
      const { status, detail } = await problemOf(confirm(alice, id));
      expect(`${status} ${detail}`).toMatch(why);
    };
    await refuse(await aMessage(alice), /did not ask/);
    await refuse(await aMessage(alice, ask(ZOE), ""), /without a sender/);
    const also = (field: string) => ({ extra: `${ask(ZOE).extra}${lines(field)}` });
    await refuse(await aMessage(alice, also("List-Id: <dev.far.example>")), /from a list/);
    await refuse(await aMessage(alice, also("Precedence: bulk")), /from a list/);
    await refuse(await aMessage(alice, also("Auto-Submitted: auto-generated")), /from a program/);
    const own = await send(alice, { request_read_receipt: true });
    await refuse(own.id, /did not come/);
    expect(await problemAt(confirm(alice, "00000000000"))).toBe("not_found");
    expect(await storedBytes(alice)).toHaveLength(6);
  });
});
