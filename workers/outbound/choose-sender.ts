/** Who a message is from: the address that it names, or the default identity's, and what goes with that identity. */
import { Failure } from "../../contract/failure.ts";
import type { Identity } from "../../contract/identities.ts";
import type { SendMessage } from "../../contract/messages.ts";
import type { Sender } from "../../durable-objects/mailbox/sender.ts";
import type { Address } from "../../mail/compose/compose-message.ts";
import type { Env } from "../env.ts";
import { canonicalAddress, ownAddress } from "./own-address.ts";

export interface Signed {
  from: Address;
  /** The message with what its identity adds: the address for answers, and those who get a copy of everything. */
  message: SendMessage;
}

/** Throws `invalid_sender`. */
export async function chooseSender(
  env: Env,
  message: SendMessage,
  sender: Sender,
  identities: Identity[],
): Promise<Signed> {
  const wanted = message.from;
  const address = wanted && canonicalAddress(wanted.email);
  const identity = identities.find(wanted ? ({ email }) => email === address : ({ is_default }) => is_default);
  const email = wanted?.email ?? identity?.email ?? sender.email;
  // The account's own address needs no question: nobody takes it away.
  const own = email === sender.email ? email : await ownAddress(env, sender.user_id, email);
  if (own === null) {
    throw new Failure("invalid_sender", `${email} is not an address of this account.`, [
      { at: "body.from.email", message: "not an address of this account" },
    ]);
  }
  const name = wanted?.name || identity?.name || sender.name;
  return { from: { name, email: own }, message: identity ? withIdentity(message, identity) : message };
}

function withIdentity(message: SendMessage, { reply_to, bcc }: Identity): SendMessage {
  const named = new Set([...message.to, ...message.cc, ...message.bcc].map(({ email }) => canonicalAddress(email)));
  return {
    ...message,
    reply_to: message.reply_to.length > 0 ? message.reply_to : reply_to,
    bcc: [...message.bcc, ...bcc.filter(({ email }) => !named.has(email))],
  };
}
