/** What a new domain may still send today: taken before a message is handed over, and given back if it is not. */
import { isFailure } from "../../contract/failure.ts";
import { domainOf } from "../../mail/address/address.ts";
import { outsideRecipients } from "../../mail/address/outside.ts";
import type { Env } from "../env.ts";

interface Envelope {
  mail_from: string;
  rcpt_to: string[];
}

/**
 * Hands the message over within the allowance of its sender's domain. Throws `sending_limit`. What was refused, or was
 * there already, is given back; after any other error something may have left, and it stays counted.
 */
export async function withinAllowance<Accepted extends { is_repeat: boolean }>(
  env: Env,
  { mail_from, rcpt_to }: Envelope,
  handOver: () => Promise<Accepted>,
): Promise<Accepted> {
  const wanted = outsideRecipients(mail_from, rcpt_to).length;
  const name = domainOf(mail_from);
  if (wanted === 0 || name === null || env.SEND_LIMIT_PER_DAY === "0") return handOver();
  const domain = env.DOMAIN.getByName(name);
  const day = await domain.countRecipients(wanted, Date.now());
  const giveBack = async () => day === null || (await domain.giveBackRecipients(wanted, day));
  try {
    const accepted = await handOver();
    if (accepted.is_repeat) await giveBack();
    return accepted;
  } catch (error) {
    if (isFailure(error)) await giveBack();
    throw error;
  }
}
