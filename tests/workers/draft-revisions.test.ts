/** A draft that is saved often, and in two places. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { ok, problemAt } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import type { Account } from "./mesh.ts";

const put = (account: Account, id: string, draft: object, ifMatch?: string): Promise<Response> =>
  account.call("PUT", `/drafts/${id}`, draft, ifMatch === undefined ? {} : { "if-match": ifMatch });

async function aDraft(account: Account, draft: object = { subject: "One" }) {
  const answer = await account.call("POST", "/drafts", draft);
  const etag = answer.headers.get("etag") ?? "";
  return { etag, ...(await ok(answer, MessageSummary, 201)) };
}

describe("a draft that two clients write", () => {
  it("is changed only as it was seen, where they say what they saw", async () => {
    const alice = await aCheckedAccount();
    const { id, etag } = await aDraft(alice);
    expect(etag).toMatch(/^"[0-9a-z]{10}"$/);
    expect((await alice.open(id)).draft_revision).toBe(etag.slice(1, -1));
    const saved = await put(alice, id, { subject: "Two" }, etag);
    const next = saved.headers.get("etag") ?? "";
    expect([saved.status, next !== etag]).toEqual([200, true]);
    expect(await problemAt(put(alice, id, { subject: "Three" }, etag))).toBe("precondition_failed header.if-match");
    expect((await alice.open(id)).subject).toBe("Two");
    expect((await put(alice, id, { subject: "Three" }, `"other", ${next}`)).status).toBe(200);
    for (const wrong of ["x", '"a', '"a" "b"', `"${"x".repeat(1001)}"`]) {
      expect(await problemAt(put(alice, id, { subject: "4" }, wrong))).toBe("bad_request header.if-match");
    }
    // A weak tag is never the same (RFC 9110 §13.1.1).
    const { draft_revision } = await alice.open(id);
    expect(await problemAt(put(alice, id, {}, `W/"${draft_revision}"`))).toBe("precondition_failed header.if-match");
    await runDurableObjectAlarm(alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
  });

  it("is what was saved last, where they do not, or say that they do not care", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aDraft(alice);
    expect((await put(alice, id, { subject: "Two" })).status).toBe(200);
    expect((await put(alice, id, { subject: "Three" }, "*")).status).toBe(200);
    expect((await alice.open(id)).subject).toBe("Three");
  });

  it("is saved by one of them, when they do it at the same time", async () => {
    const alice = await aCheckedAccount();
    const { id, etag } = await aDraft(alice);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => put(alice, id, { subject: `Save ${n}` }, etag)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.findIndex(({ status }) => status === 200) + 1;
    expect((await alice.open(id)).subject).toBe(`Save ${winner}`);
    await runDurableObjectAlarm(alice.stub);
    expect(await storedBytes(alice)).toHaveLength(1);
  });

  it("is not sent as it was, once the other has changed it", async () => {
    const alice = await aCheckedAccount();
    const { id, etag } = await aDraft(alice);
    await put(alice, id, { subject: "Changed" });
    const message = { to: [{ email: "zoe@far.example" }], subject: "One", undo_seconds: 60 };
    const send = (ifMatch: string) => alice.call("POST", `/drafts/${id}/send`, message, { "if-match": ifMatch });
    expect(await problemAt(send(etag))).toBe("precondition_failed header.if-match");
    expect(await alice.messages("sent")).toEqual([]);
    const sent = await ok(send(`"${(await alice.open(id)).draft_revision}"`), Sent, 202);
    expect((await alice.open(sent.id)).draft_revision).toBeNull();
    expect(await alice.messages("drafts")).toEqual([]);
  });
});
