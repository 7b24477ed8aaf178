/**
 * The object's storage fails at each statement in turn while filters sort, answer and forward, and while what leaves
 * because of it is handed in: all of it happens, once.
 */
import { runDurableObjectAlarm } from "cloudflare:test";
import { expect, it } from "vitest";
import { submission } from "../../schema/mailbox/tables.ts";
import { atEachStatement } from "./failing-storage.ts";
import { aLetterThatMakesLeave, makeFollowUps, waitingFollowUps } from "./follow-up-mail.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, anAccount, ingest } from "./mesh.ts";
import { queueForgets } from "./outgoing.ts";

const kinds = async (account: Account, kind: string) =>
  (await waitingFollowUps(account)).filter((one) => one.kind === kind);

it("a delivery that filters and a vacation notice answer is sorted, answered and forwarded once", async () => {
  queueForgets();
  const alice = await aCheckedAccount();
  await alice.call("POST", "/filters", {
    conditions: { query: "subject:sorted", headers: [{ field: "X-N", match: "exists" }] },
    actions: { archive: true, keywords: ["sorted"], is_flagged: true, forward_to: ["ann@else.example"] },
  });
  await alice.call("PUT", "/vacation", { is_enabled: true, body: "I am away." });
  let n = 0;
  const statements = await atEachStatement(
    alice,
    async () => {
      n++;
      const letter = aLetter({ subject: `Sorted ${n}`, to: alice.email, extra: `X-N: ${n}\r\n` });
      const [outcome] = await ingest(`zoe${n}@far.example`, alice.email, letter);
      expect(outcome?.outcome).toBe("accepted");
      return (await alice.messages("archive").catch(() => [])).some(({ subject }) => subject === `Sorted ${n}`);
    },
    async () => {
      await expect.poll(async () => (await alice.messages("archive")).length, { timeout: 15_000 }).toBe(n);
      expect(await kinds(alice, "forward")).toHaveLength(n);
      expect(await kinds(alice, "vacation")).toHaveLength(n);
    },
  );
  expect(statements).toBeGreaterThan(15);
  const messages = await alice.messages("archive");
  for (const { keywords, is_flagged } of messages)
    expect({ keywords, is_flagged }).toEqual({ keywords: ["sorted"], is_flagged: true });
}, 240_000);

it("what is handed in makes one submission, and is forgotten with it", async () => {
  queueForgets();
  // Bytes that were stored and may not have been handed in stay, for the search for orphans to find.
  const alice = await anAccount();
  await aLetterThatMakesLeave(alice, [{ kind: "forward", to: "ann@else.example" }]);
  const submissions = () => mailboxOf(alice, ({ db }) => db.select().from(submission).all());
  await atEachStatement(
    alice,
    async () => {
      const before = await waitingFollowUps(alice).catch(() => null);
      if (before?.length === 0) return true;
      await makeFollowUps(alice).catch(() => undefined);
      return false;
    },
    async () => {
      const [waiting, made] = [await waitingFollowUps(alice), await submissions()];
      expect(waiting.length + made.length).toBe(1);
    },
  );
  await runDurableObjectAlarm(alice.stub);
  expect(await submissions()).toHaveLength(1);
}, 120_000);
