/**
 * Recipients outside this mesh: one transaction for each destination domain, so that what one domain does, being slow
 * or refusing, is that domain's alone, and its recipients get the message together.
 */
import type { OutboundJob } from "../../contract/submissions.ts";
import type { RecipientReport, TriedRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { byDestination } from "./destination-name.ts";
import { sendToDestination } from "./destinations.ts";
import { inParallel } from "./in-parallel.ts";
import { ourFault } from "./our-fault.ts";
import type { Transmission, Transport } from "./transport/transport.ts";

/** Domains of one submission that are sent to at once: as many as a batch has connections. */
const DOMAINS_AT_ONCE = 4;

export async function relayElsewhere(
  env: Env,
  transport: Transport,
  job: OutboundJob,
  transmission: Transmission,
): Promise<RecipientReport[]> {
  const groups = byDestination(transmission.rcpt_to.map((address) => ({ address })));
  const reports = await inParallel(DOMAINS_AT_ONCE, [...groups], ([domain, recipients]) => {
    const rcpt_to = recipients.map(({ address }) => address);
    const parcel = { job, mail_from: transmission.mail_from, rcpt_to };
    return sendToDestination(env, domain, parcel, () => send(env, transport, { ...transmission, rcpt_to }));
  });
  return reports.flat();
}

/** A transport throws for nothing that the network does; should it throw all the same, nobody waits for ever. */
async function send(env: Env, transport: Transport, transmission: Transmission): Promise<TriedRecipient[]> {
  try {
    const results = await transport.send(transmission);
    return results.map((result) => ({ ...result, transport: transport.name }));
  } catch (error) {
    console.error("the transport broke, will be tried again", { transport: transport.name, error });
    return ourFault(env, transmission.rcpt_to);
  }
}
