/** Owners who are away for a while. */
import { Vacation } from "../../contract/vacation.ts";
import { follow_up } from "../../schema/mailbox/tables.ts";
import { ok } from "./api-answers.ts";
import { mailboxOf } from "./mailbox-inside.ts";
import type { Account } from "./mesh.ts";

const away: Account[] = [];

export const goAway = (account: Account, notice: object = {}): Promise<Vacation> => {
  away.push(account);
  return ok(account.call("PUT", "/vacation", { is_enabled: true, body: "I am away.", ...notice }), Vacation);
};

/** After each test: what still waits would leave a minute later, in the middle of another test. */
export async function comeHome(): Promise<void> {
  for (const account of away.splice(0)) await mailboxOf(account, ({ db }) => db.delete(follow_up).run());
}
