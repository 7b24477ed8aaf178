/** The transport of whoever sends: that of the sender's domain, or else the deployment's. */
import type { Lease } from "../../durable-objects/mailbox/outbox.ts";
import { domainOf } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { chooseTransport } from "./transport/choose-transport.ts";
import type { Connections } from "./transport/connections.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * What an account wrote goes by the relay of the envelope sender's domain, which may be another one than that of the
 * account. What is passed on, and a report about it, has a stranger for its sender or nobody, and goes by the relay of
 * the domain in whose name it leaves: that of the Mailbox that carries it.
 */
export async function transportOf(
  env: Env,
  { report_to, mail_from, owner }: Pick<Lease, "report_to" | "mail_from" | "owner">,
  raw: Uint8Array,
  connections: Connections,
): Promise<Transport> {
  const domain = domainOf(report_to === "inbox" ? mail_from : owner);
  return chooseTransport(env, await relayUrlOf(env, domain), { mail_from, raw }, connections);
}

/** What a domain has for itself, or null. */
export const relayUrlOf = async (env: Env, domain: string | null): Promise<string | null> =>
  domain === null ? null : env.DOMAIN.getByName(domain).relayUrl();
