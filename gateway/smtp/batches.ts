/**
 * The envelope as query parameters. A hundred internationalised addresses make 80 kB of URL, and servers between here
 * and the mesh refuse more than 8 kB, so one message may need several requests.
 */
import type { Envelope, Hop } from "../../contract/ingest.ts";

/** Below the 8 kB that is the lowest common limit of request lines, with room for the path and the host. */
const MAX_QUERY_OCTETS = 7_500;

export function queryOf(mailFrom: string, rcptTo: readonly string[], hop: Hop = {}): string {
  const query = new URLSearchParams([["from", mailFrom], ...rcptTo.map((to): [string, string] => ["to", to])]);
  for (const [name, value] of Object.entries(hop)) if (value !== undefined) query.set(name, value);
  return query.toString();
}

/** Splits the recipients so that each query stays below the limit; the order is kept, and none is left out. */
export function batchesOf(envelope: Envelope, hop: Hop): string[][] {
  const base = queryOf(envelope.mail_from, [], hop).length;
  const batches: string[][] = [];
  let room = 0;
  for (const recipient of envelope.rcpt_to) {
    const cost = new URLSearchParams({ to: recipient }).toString().length + 1;
    const open = batches.at(-1);
    if (open === undefined || cost > room) {
      batches.push([recipient]);
      room = MAX_QUERY_OCTETS - base - cost;
    } else {
      open.push(recipient);
      room -= cost;
    }
  }
  return batches;
}
