/**
 * A bulk message leaves as one copy a recipient: each has fields of its own in front (mail/compose/bulk-fields.ts) and a
 * transaction of its own. The Mailbox leases a few recipients at a time, so that a crash leaves few in doubt.
 */
import { unsubscribePath, unsubscribeTag } from "../../contract/unsubscribe.ts";
import type { Lease, RecipientReport } from "../../durable-objects/mailbox/outbox.ts";
import { bulkFields, taggedAddress } from "../../mail/compose/bulk-fields.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import type { Env } from "../env.ts";
import { inParallel } from "./in-parallel.ts";

export interface Outgoing {
  mail_from: string;
  rcpt_to: string[];
  raw: Uint8Array<ArrayBuffer>;
}

/** The platform gives a Worker six connections, and other submissions are on their way beside this one. */
const AT_ONCE = 4;

export async function sendBulk(
  env: Env,
  userId: string,
  { submission_id, mail_from, rcpt_to }: Lease,
  raw: Uint8Array<ArrayBuffer>,
  transmit: (copy: Outgoing) => Promise<RecipientReport[]>,
): Promise<RecipientReport[]> {
  const tokens = await env.MAILBOX.getByName(userId).unsubscribeTokens(submission_id, rcpt_to);
  const copies = rcpt_to.flatMap((recipient, n) => {
    const token = tokens[n];
    if (token === undefined) return [];
    const url = `${env.PUBLIC_URL ?? `https://${env.HOSTNAME}`}${unsubscribePath(token)}`;
    return [
      { recipient, fields: bulkFields({ recipient, url, mailto: taggedAddress(mail_from, unsubscribeTag(token)) }) },
    ];
  });
  const results = await inParallel(AT_ONCE, copies, ({ recipient, fields }) =>
    transmit({ mail_from, rcpt_to: [recipient], raw: concatBytes([new TextEncoder().encode(fields), raw]) }),
  );
  return results.flat();
}
