/** Which recipients are elsewhere, as the limits of sending count them. */
import { domainOf } from "./address.ts";

/**
 * Those in another domain than the sender's. Colleagues do not count: what they think of a sender stays in the house.
 * Another domain of the same mesh counts as any other; to find that out would be a question for each.
 */
export function outsideRecipients(mailFrom: string, rcptTo: string[]): string[] {
  const home = domainOf(mailFrom);
  return rcptTo.filter((address) => domainOf(address) !== home);
}
