/** What a delivery makes leave, wished for by hand, and the consumer that makes it. */
import { env } from "cloudflare:workers";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { addFollowUps } from "../../durable-objects/mailbox/follow-ups.ts";
import { follow_up, message } from "../../schema/mailbox/tables.ts";
import { sendFollowUp } from "../../workers/outbound/follow-up.ts";
import { withFaults } from "./faults.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";
import { alarmAfter, attemptAfter } from "./outgoing.ts";

/** A letter comes, and these are to leave because of it. */
export async function aLetterThatMakesLeave(
  account: Account,
  wanted: NewFollowUp[],
  { from = "zoe@far.example", raw = aLetter() }: { from?: string; raw?: string } = {},
): Promise<void> {
  await ingest(from, account.email, raw);
  await mailboxOf(account, (box) => {
    const id = Math.max(
      ...box.db
        .select({ id: message.id })
        .from(message)
        .all()
        .map((row) => row.id),
    );
    addFollowUps(box, id, wanted, Date.now());
  });
}

export const waitingFollowUps = (account: Account) => mailboxOf(account, ({ db }) => db.select().from(follow_up).all());

/** What the queue's consumer does for all that wait, with bindings that may have faults. */
export async function makeFollowUps(account: Account, faults: Parameters<typeof withFaults>[0] = {}): Promise<void> {
  const bindings = Object.keys(faults).length === 0 ? env : withFaults(faults);
  for (const { id } of await waitingFollowUps(account)) {
    await sendFollowUp(bindings, { user_id: account.user_id, follow_up: id });
  }
}

/** The follow-ups are made, and what came of them leaves. */
export async function letLeave(account: Account): Promise<void> {
  await makeFollowUps(account);
  await alarmAfter(1, account.stub);
  await attemptAfter(1, account.stub);
}
