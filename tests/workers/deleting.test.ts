import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { rawKey } from "../../contract/r2-keys.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, aDomain, aLetter, eventually, ingest } from "./mesh.ts";

const keysOf = (account: Account): Promise<string[]> => keysUnder(rawKey(account.user_id, ""));

async function aMessage(account: Account, raw = aLetter()): Promise<MessageSummary> {
  await ingest("zoe@far.example", account.email, raw);
  const [newest] = await account.messages();
  return MessageSummary.parse(newest);
}

async function rawOf(account: Account, id: string | undefined): Promise<string> {
  return new TextDecoder().decode(await (await account.call("GET", `/messages/${id}/raw`)).arrayBuffer());
}

/** To trash, and from there for good. */
async function deleteForGood(account: Account, id: string): Promise<void> {
  await done(account.call("DELETE", `/messages/${id}`));
  await done(account.call("DELETE", `/messages/${id}`));
}

describe("deleting a message", () => {
  it("puts it into the trash, from where it can come back", async () => {
    const alice = await aCheckedAccount();
    const { id } = await aMessage(alice);
    const [inbox, archive, trash] = [
      await alice.folder("inbox"),
      await alice.folder("archive"),
      await alice.folder("trash"),
    ];
    await ok(
      alice.call("PATCH", `/messages/${id}`, { folder_ids: [inbox.id, archive.id], is_flagged: true }),
      MessageSummary,
    );
    await done(alice.call("DELETE", `/messages/${id}`));
    expect(await alice.open(id)).toMatchObject({ folder_ids: [trash.id], is_read: false, is_flagged: true });
    expect(await alice.folder("trash")).toMatchObject({ total: 1, unread: 1 });
    await ok(alice.call("PATCH", `/messages/${id}`, { folder_ids: [inbox.id] }), MessageSummary);
    expect(await alice.messages("trash")).toEqual([]);
    expect(await alice.messages()).toHaveLength(1);
  });

  it("from the trash is for good, and its bytes go from R2 soon after", async () => {
    const alice = await aCheckedAccount();
    const [kept, gone] = [await aMessage(alice), await aMessage(alice)];
    expect(await keysOf(alice)).toHaveLength(2);
    await deleteForGood(alice, gone.id);
    for (const path of ["", "/raw", "/attachments/0"]) {
      expect(await problemAt(alice.call("GET", `/messages/${gone.id}${path}`))).toBe("not_found");
    }
    expect(await problemAt(alice.call("DELETE", `/messages/${gone.id}`))).toBe("not_found");
    expect(await problemAt(alice.call("PATCH", `/messages/${gone.id}`, { is_read: true }))).toBe("not_found");
    expect(await problemAt(alice.call("GET", `/threads/${gone.thread_id}`))).toBe("not_found");
    expect(await runDurableObjectAlarm(alice.stub)).toBe(true);
    expect(await keysOf(alice)).toHaveLength(1);
    expect((await alice.open(kept.id)).body).toContain("Good morning.");
    expect((await alice.call("GET", `/messages/${kept.id}/raw`)).status).toBe(200);
  });

  it("leaves bytes that another mailbox shares until the last one lets go", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const raw = aLetter({ body: "large\r\n".repeat(40_000) });
    const before = new Set(await keysUnder("blob/"));
    await ingest("zoe@far.example", [alice.email, bob.email], raw);
    const shared = (await keysUnder("blob/")).filter((key) => !before.has(key));
    expect(shared).toHaveLength(1);
    const [[ofAlice], [ofBob]] = [await alice.messages(), await bob.messages()];
    await deleteForGood(alice, ofAlice?.id ?? "");
    await runDurableObjectAlarm(alice.stub);
    expect(await env.MAIL.head(shared[0] ?? "")).not.toBeNull();
    expect(await rawOf(bob, ofBob?.id)).toContain(raw);
    await deleteForGood(bob, ofBob?.id ?? "");
    await runDurableObjectAlarm(bob.stub);
    expect(await env.MAIL.head(shared[0] ?? "")).toBeNull();
  });

  it("releases more bytes than one alarm deletes, in as many alarms as it takes", async () => {
    const alice = await aCheckedAccount();
    await Promise.all(Array.from({ length: 90 }, () => ingest("zoe@far.example", alice.email, aLetter())));
    const ids = (await alice.messages()).map(({ id }) => id);
    for (let n = 0; n < 2; n++)
      expect((await alice.call("POST", "/messages/batch", { ids, delete: true })).status).toBe(200);
    for (let alarms = 0; (await keysOf(alice)).length > 0; alarms++) {
      expect(alarms).toBeLessThan(4);
      expect(await runDurableObjectAlarm(alice.stub)).toBe(true);
    }
  });

  it("that waits in the outbox keeps its bytes until it is sent", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "bob")];
    const letter = { to: [{ email: bob.email }], subject: "Later", body: "Wait for it.", undo_seconds: 1 };
    const sent = await ok(alice.call("POST", "/messages", letter), Sent, 202);
    await deleteForGood(alice, sent.id);
    await runDurableObjectAlarm(alice.stub);
    expect(await keysOf(alice)).toHaveLength(1);
    const arrived = await eventually(async () => (await bob.messages())[0]);
    expect((await bob.open(arrived.id)).body.trim()).toBe("Wait for it.");
    await eventually(async () => {
      await runDurableObjectAlarm(alice.stub);
      return (await keysOf(alice)).length === 0;
    });
  });

  it("that was taken back after it was deleted lets its bytes go", async () => {
    const alice = await aCheckedAccount();
    const letter = { to: [{ email: "zoe@far.example" }], subject: "Never", body: "…", undo_seconds: 60 };
    const sent = await ok(alice.call("POST", "/messages", letter), Sent, 202);
    await deleteForGood(alice, sent.id);
    await done(alice.call("DELETE", `/submissions/${sent.submission_id}`));
    await runDurableObjectAlarm(alice.stub);
    expect(await keysOf(alice)).toEqual([]);
    expect(await alice.messages("drafts")).toEqual([]);
  });
});
