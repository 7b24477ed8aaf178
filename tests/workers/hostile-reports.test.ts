/** Reports are written by others: whatever they say, they change what they may, and no more. */
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import { aComplaint, aReport, type Told } from "./bounce-letters.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, relayThrough, send, taken } from "./outgoing.ts";

const RECIPIENTS = ["ann@far.example", "bob@far.example", "cleo@else.example"];

const tablesOf = ({ stub }: Account) =>
  runInDurableObject(stub, (_object, { storage }) => ({
    recipients: storage.sql
      .exec<{ email: string; state: string; complained_at: number | null }>(
        "SELECT * FROM submission_recipient ORDER BY submission_id, email",
      )
      .toArray(),
    suppressed: storage.sql.exec<{ email: string }>("SELECT email FROM suppression").toArray(),
  }));

it("of anything about anybody change only what was written to, forwards, and never another account", async () => {
  const domain = await aDomain();
  const [alice, mallory] = [await aCheckedAccount(domain, "alice"), await aCheckedAccount(domain, "mallory")];
  queueForgets();
  const peer = await relayThrough();
  const sent = await send(alice, RECIPIENTS, { undo_seconds: 0 });
  await attemptAfter(0, alice.stub);
  await send(mallory, RECIPIENTS, { undo_seconds: 0 });
  await attemptAfter(0, mallory.stub);
  const path = (await taken(peer))[0]?.mail_from ?? "";
  const messageId = (await alice.open(sent.id)).headers.message_id ?? "";
  const untouched = await tablesOf(mallory);

  const address = fc.oneof(
    fc.constantFrom(...RECIPIENTS, ...RECIPIENTS.map((email) => email.toUpperCase()), alice.email, "x@far.example"),
    fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, "")),
  );
  const told = fc.record<Told>({
    to: address,
    action: fc.constantFrom("failed", "delayed", "delivered", "relayed", "nonsense"),
    status: fc.constantFrom("5.1.1", "5.2.2", "4.0.0", "2.0.0", "9.9.9"),
    words: fc.string({ maxLength: 50 }).map((text) => text.replace(/[\r\n]/g, " ")),
    original: fc.option(address, { nil: undefined }) as fc.Arbitrary<string>,
  });
  const letter = fc.record({
    id: fc.constantFrom(messageId, "unknown@mesh.test", ""),
    to: fc.constantFrom(path, alice.email, path.replace(/.@/, "0@"), mallory.email, path.replace("alice", "mallory")),
    from: fc.constantFrom("", "postmaster@far.example"),
    told: fc.array(told, { maxLength: 5 }),
    returnPath: fc.constantFrom("", path, "x+b-0@mesh.test"),
    complains: fc.boolean(),
  });
  const FINAL = ["failed", "delivered"];
  await fc.assert(
    fc.asyncProperty(letter, async (one) => {
      const before = (await tablesOf(alice)).recipients;
      const raw = one.complains ? aComplaint(one.id, one.told[0]?.to ?? "") : aReport(one.id, one.told, one.returnPath);
      await ingest(one.from, one.to, raw);
      const { recipients, suppressed } = await tablesOf(alice);
      expect(recipients.map(({ email }) => email)).toEqual(before.map(({ email }) => email));
      for (const [n, { state }] of before.entries()) {
        if (FINAL.includes(state)) expect(recipients[n]?.state).toBe(state);
      }
      expect(RECIPIENTS).toEqual(expect.arrayContaining(suppressed.map(({ email }) => email)));
      expect(await tablesOf(mallory)).toEqual(untouched);
    }),
    { numRuns: 60 },
  );
});

it("with thousands of recipients touch those of the message, and cost no more than reading them", async () => {
  const alice = await aCheckedAccount();
  queueForgets();
  const peer = await relayThrough();
  await send(alice, RECIPIENTS, { undo_seconds: 0 });
  await attemptAfter(0, alice.stub);
  const path = (await taken(peer))[0]?.mail_from ?? "";
  const told = Array.from({ length: 5000 }, (_, n) => ({ to: n === 7 ? "bob@far.example" : `r${n}@far.example` }));
  await ingest("", path, aReport("x@y", told));
  const { recipients, suppressed } = await tablesOf(alice);
  expect(recipients.map(({ state }) => state).sort()).toEqual(["failed", "sent", "sent"]);
  expect(suppressed).toEqual([{ email: "bob@far.example" }]);
});
