/**
 * The object's storage fails in the middle of its work, at each statement in turn: a full object (SQLITE_FULL), a crash.
 * All of the work happened or none of it, `verify` finds nothing wrong, and doing it again does it once.
 */
import { describe, expect, it } from "vitest";
import { tidy } from "../../durable-objects/mailbox/housekeeping.ts";
import { atEachStatement } from "./failing-storage.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { aLetter, anAccount, ingest, lines } from "./mesh.ts";

describe("storage that fails in the middle of", () => {
  it("a delivery leaves the letter waiting, and it arrives once", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter({ id: "first@far.example" }));
    let n = 0;
    const statements = await atEachStatement(
      alice,
      async () => {
        const extra = lines("In-Reply-To: <first@far.example>");
        const letter = aLetter({ subject: `Re: Hello ${++n}`, extra });
        const [outcome] = await ingest("zoe@far.example", alice.email, letter);
        expect(outcome?.outcome).toBe("accepted");
        const messages = await alice.messages().catch(() => []);
        return messages.some(({ subject }) => subject === `Re: Hello ${n}`);
      },
      () => expect.poll(async () => (await alice.messages()).length, { timeout: 15_000 }).toBe(n + 1),
    );
    expect(statements).toBeGreaterThan(10);
    const subjects = (await alice.messages()).map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(n + 1);
  }, 120_000);

  it("moving and marking changes nothing, or all of it", async () => {
    const alice = await aCheckedAccount();
    for (let n = 0; n < 3; n++) await ingest("zoe@far.example", alice.email, aLetter({ subject: `${n}` }));
    const ids = (await alice.messages()).map(({ id }) => id);
    const archive = await alice.folder("archive");
    const update = { ids, is_read: true, is_flagged: true, folder_ids: [archive.id] };
    await atEachStatement(
      alice,
      async () => (await alice.call("POST", "/messages/batch", update)).status === 200,
      // What fails after the commit, as telling live clients may, fails the answer and not the change.
      async () => expect([0, 3]).toContain((await alice.messages("archive")).length),
    );
    expect(await alice.messages("archive")).toHaveLength(3);
  }, 60_000);

  it("deleting for good deletes nothing, or all of it", async () => {
    const alice = await aCheckedAccount();
    for (let n = 0; n < 3; n++) await ingest("zoe@far.example", alice.email, aLetter({ subject: `${n}` }));
    const ids = (await alice.messages()).map(({ id }) => id);
    await alice.call("POST", "/messages/batch", { ids, delete: true });
    await atEachStatement(
      alice,
      // Deleted already, they are not found: that says as well that nothing is left to do.
      async () => [200, 404].includes((await alice.call("POST", "/messages/batch", { ids, delete: true })).status),
      async () => expect([0, 3]).toContain((await alice.messages("all")).length),
    );
    expect(await alice.messages("all")).toEqual([]);
  }, 60_000);

  it("emptying the trash empties none of it, or a piece, and goes on later", async () => {
    const alice = await aCheckedAccount();
    for (let n = 0; n < 3; n++) await ingest("zoe@far.example", alice.email, aLetter({ subject: `${n}` }));
    const ids = (await alice.messages()).map(({ id }) => id);
    await alice.call("POST", "/messages/batch", { ids, delete: true });
    const inAMonth = Date.now() + 31 * 24 * 3_600_000;
    await atEachStatement(
      alice,
      async () => {
        try {
          await mailboxOf(alice, (box, storage, objectEnv) => {
            storage.kv.put("tidy_at", 0);
            return tidy(box, storage, objectEnv, inAMonth);
          });
          return true;
        } catch {
          return false;
        }
      },
      async () => expect([0, 3]).toContain((await alice.messages("all")).length),
    );
    expect(await alice.messages("all")).toEqual([]);
  }, 60_000);

  it("sending sends nothing, or once", async () => {
    // Bytes of a send that may or may not have been written stay, for the search for orphans to find.
    const alice = await anAccount();
    let isDone = false;
    await atEachStatement(
      alice,
      async () => {
        const message = { to: [{ email: "bob@far.example" }], subject: "once", undo_seconds: 120 };
        isDone = (await alice.call("POST", "/messages", message, { "idempotency-key": "k" })).status === 202;
        return isDone;
      },
      async () => {
        const sent = await alice.messages("sent");
        expect(sent.length).toBeLessThanOrEqual(1);
        if (isDone) expect(sent).toHaveLength(1);
      },
    );
  }, 60_000);
});
