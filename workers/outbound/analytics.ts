/**
 * Recipients by what became of them, for Analytics Engine: every destination, where the Prometheus text names only some.
 * A data point is indexed by the destination; its blobs are destination, result and the sender's domain, its double is
 * the number of recipients.
 */
import type { CountedResult } from "../../contract/operator.ts";
import type { TriedRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";
import { destinationOf } from "./destination-name.ts";

/** An index has 96 bytes at most (Analytics Engine's limits). */
const MAX_INDEX_CHARACTERS = 96;

export function recordResult(
  env: Env,
  destination: string,
  result: CountedResult,
  senderDomain: string,
  recipients: number,
): void {
  env.METRICS?.writeDataPoint({
    indexes: [destination.slice(0, MAX_INDEX_CHARACTERS)],
    blobs: [destination, result, senderDomain],
    doubles: [recipients],
  });
}

/** The results of one transaction. `uncertain` is tried again, and counts as what is. */
export function recordResults(env: Env, destination: string, mailFrom: string, results: TriedRecipient[]): void {
  const senderDomain = mailFrom === "" ? "" : destinationOf(mailFrom);
  const counted = ({ result }: TriedRecipient): CountedResult => (result === "uncertain" ? "deferred" : result);
  for (const [result, recipients] of Map.groupBy(results, counted)) {
    recordResult(env, destination, result, senderDomain, recipients.length);
  }
}
