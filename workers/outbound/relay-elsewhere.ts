/**
 * Recipients outside this mesh: one transaction for each destination domain, so that what one domain does, being slow
 * or refusing, is that domain's alone, and its recipients get the message together.
 */
import type { RecipientReport } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { inParallel } from "./in-parallel.ts";
import { ourFault } from "./our-fault.ts";
import { domainOf } from "./sort-recipients.ts";
import type { Transmission, Transport } from "./transport/transport.ts";

/** Domains of one submission that are sent to at once: as many as a batch has connections. */
const DOMAINS_AT_ONCE = 4;

export async function relayElsewhere(
  env: Env,
  transport: Transport,
  transmission: Transmission,
): Promise<RecipientReport[]> {
  const groups = byDomain(transmission.rcpt_to);
  const reports = await inParallel(DOMAINS_AT_ONCE, [...groups], ([domain, rcpt_to]) =>
    sendToDomain(env, transport, domain, { ...transmission, rcpt_to }),
  );
  return reports.flat();
}

/** In the order in which the domains come first. An address without one is a group of its own, for the transport to refuse. */
function byDomain(rcptTo: string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const address of rcptTo) {
    const domain = domainOf(address) ?? "";
    groups.set(domain, [...(groups.get(domain) ?? []), address]);
  }
  return groups;
}

/** A transport throws for nothing that the network does; should it throw all the same, nobody waits for ever. */
async function sendToDomain(
  env: Env,
  transport: Transport,
  domain: string,
  transmission: Transmission,
): Promise<RecipientReport[]> {
  try {
    const results = await transport.send(transmission);
    return results.map((result) => ({ ...result, transport: transport.name }));
  } catch (error) {
    console.error("the transport broke, will be tried again", { transport: transport.name, domain, error });
    return ourFault(env, transmission.rcpt_to);
  }
}
