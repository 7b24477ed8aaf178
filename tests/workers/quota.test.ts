/** A mailbox that is full puts mail off and loses none; what takes the room is there to see. */
import { describe, expect, it } from "vitest";
import { MessageSummary, Sent } from "../../contract/messages.ts";
import { Quota } from "../../contract/quota.ts";
import { Submission } from "../../contract/submissions.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { ok, problemAt } from "./api-answers.ts";
import { breaks, withFaults } from "./faults.ts";
import { aCheckedAccount, keysUnder } from "./mailbox-invariants.ts";
import { type Account, aLetter, asAdmin, eventually, ingest, lines } from "./mesh.ts";

const quotaOf = (account: Account) => ok(account.call("GET", "/quota"), Quota);

async function setQuota(account: Account, quota_bytes: unknown): Promise<Response> {
  return asAdmin("PUT", `/accounts/${encodeURIComponent(account.email)}/quota`, { quota_bytes });
}

const FULL = [{ outcome: "refused", reason: "mailbox_full", smtp: { code: 452, status: "4.2.2" } }];

describe("a full mailbox", () => {
  it("puts mail off, keeps no bytes of it, and takes it when there is room again", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter());
    expect((await setQuota(alice, 2000)).status).toBe(204);
    const big = aLetter({ body: "x".repeat(3000) });
    expect(await ingest("zoe@far.example", alice.email, big)).toMatchObject(FULL);
    expect(await keysUnder(`raw/${alice.user_id}/`)).toHaveLength(1);
    expect(await ingest("zoe@far.example", alice.email, aLetter())).toMatchObject([{ outcome: "accepted" }]);
    await setQuota(alice, 0);
    expect(await ingest("zoe@far.example", alice.email, big)).toMatchObject([{ outcome: "accepted" }]);
    expect(await alice.messages()).toHaveLength(3);
  });

  it("still knows what it has, and delivers to the others of the envelope", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    const letter = aLetter();
    await ingest("zoe@far.example", alice.email, letter);
    await setQuota(alice, 1);
    expect(await ingest("zoe@far.example", alice.email, letter)).toMatchObject([{ outcome: "accepted" }]);
    const both = aLetter({ subject: "Both" });
    for (let n = 0; n < 2; n++) {
      const outcomes = await ingest("zoe@far.example", [alice.email, bob.email], both);
      expect(outcomes).toMatchObject([...FULL, { outcome: "accepted" }]);
    }
    expect(await bob.messages()).toHaveLength(1);
  });

  it("takes what was acknowledged before", async () => {
    const alice = await aCheckedAccount();
    await setQuota(alice, 1);
    const faulty = withFaults({ MAILBOX: { deliver: breaks } });
    const bytes = new Uint8Array(new TextEncoder().encode(aLetter()));
    const outcomes = await acceptMail(faulty, { mail_from: "", rcpt_to: [alice.email] }, bytes, {});
    expect(outcomes).toMatchObject([{ outcome: "accepted" }]);
    await eventually(async () => (await alice.messages()).length === 1);
  });

  it("puts off mail from an account of the same mesh, which arrives when there is room", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    await setQuota(bob, 1);
    const sent = await ok(alice.call("POST", "/messages", { to: [{ email: bob.email }], subject: "Room?" }), Sent, 202);
    const stateOf = async () =>
      (await ok(alice.call("GET", `/submissions/${sent.submission_id}`), Submission)).recipients[0];
    await expect.poll(stateOf, { timeout: 10_000 }).toMatchObject({ state: "deferred", status: "4.2.2" });
    await setQuota(bob, 0);
    await expect.poll(stateOf, { timeout: 15_000 }).toMatchObject({ state: "delivered" });
    expect(await bob.messages()).toHaveLength(1);
  });

  it("refuses what its owner writes, with the reason", async () => {
    const alice = await aCheckedAccount();
    await setQuota(alice, 100);
    expect(await problemAt(alice.call("POST", "/drafts", { subject: "x" }))).toBe("over_quota");
    const message = { to: [{ email: "bob@far.example" }], subject: "x" };
    expect(await problemAt(alice.call("POST", "/messages", message))).toBe("over_quota");
    expect(await keysUnder(`raw/${alice.user_id}/`)).toEqual([]);
  });

  it("lets a draft become shorter, and not longer", async () => {
    const alice = await aCheckedAccount();
    const long = await alice.call("POST", "/drafts", { body: "x".repeat(5000) });
    const { id } = MessageSummary.parse(await long.json());
    await setQuota(alice, 100);
    expect((await alice.call("PUT", `/drafts/${id}`, { body: "x".repeat(4000) })).status).toBe(200);
    expect(await problemAt(alice.call("PUT", `/drafts/${id}`, { body: "x".repeat(4500) }))).toBe("over_quota");
  });
});

describe("the quota", () => {
  it("says what takes the room: by folder, year and type of attachment", async () => {
    const alice = await aCheckedAccount();
    const attachment = lines(
      "Content-Type: multipart/mixed; boundary=x",
      "",
      "--x",
      "Content-Type: application/pdf; name=a.pdf",
      "Content-Disposition: attachment; filename=a.pdf",
      "",
      "12345",
      "--x--",
    );
    await ingest("zoe@far.example", alice.email, aLetter());
    await ingest("zoe@far.example", alice.email, `From: zoe@far.example\r\nMessage-ID: <a@b>\r\n${attachment}`);
    const [second, first] = await alice.messages();
    const archive = await alice.folder("archive");
    const inbox = await alice.folder("inbox");
    await alice.call("PATCH", `/messages/${second?.id}`, { folder_ids: [inbox.id, archive.id] });
    const quota = await quotaOf(alice);
    const sizes = (first?.size ?? 0) + (second?.size ?? 0);
    expect(quota).toMatchObject({ user_id: alice.user_id, limit: 15 * 1024 ** 3, used: sizes });
    const sizeIn = (role: string) => quota.folders.find((folder) => folder.role === role)?.size;
    expect([sizeIn("inbox"), sizeIn("archive"), sizeIn("all")]).toEqual([sizes, second?.size, sizes]);
    expect(quota.years).toEqual([{ year: new Date().getUTCFullYear(), total: 2, size: sizes }]);
    expect(quota.attachment_types).toEqual([{ content_type: "application/pdf", total: 1, size: 5 }]);
  });

  it("is set by an admin alone, to what is a size", async () => {
    const alice = await aCheckedAccount();
    for (const wrong of [-1, 1.5, "1", 2 ** 53]) {
      expect(await problemAt(setQuota(alice, wrong))).toBe("bad_request body.quota_bytes");
    }
    const { status } = await alice.call("PUT", `/admin/accounts/${alice.email}/quota`, { quota_bytes: 1 });
    expect(status).toBe(401);
  });
});
