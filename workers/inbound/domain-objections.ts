/** Why the domains of the recipients do not take a message that their policies (contract/domain-policy.ts) speak of. */
import type { DomainPolicy } from "../../contract/domain-policy.ts";
import type { RefusalReason } from "../../contract/ingest.ts";
import type { Examination } from "../../durable-objects/mailbox/letter.ts";

type Objection = (examination: Examination, policy: DomainPolicy) => RefusalReason | null;

/** Each concern has one. */
const OBJECTIONS: Objection[] = [forgedSender, dangerousAttachment];

/**
 * SMTP has one reply for all recipients of a message (RFC 5321 §4.2.5), so it is refused only where each of their
 * domains objects. Otherwise they all have it, marked as what it is: a report to a forged sender would hit a bystander.
 */
export function objectionTo(examination: Examination, policies: DomainPolicy[]): RefusalReason | null {
  const reasons = policies.map((policy) => firstReason(examination, policy));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

function firstReason(examination: Examination, policy: DomainPolicy): RefusalReason | null {
  for (const objection of OBJECTIONS) {
    const reason = objection(examination, policy);
    if (reason !== null) return reason;
  }
  return null;
}

/** RFC 7489 §10.3: the domain in From asks that what is not from there be refused. */
function forgedSender({ authentication }: Examination, { dmarc_reject }: DomainPolicy): RefusalReason | null {
  const asks = authentication?.sender === "forged" && authentication.dmarc.policy === "reject";
  return asks && dmarc_reject === "obey" ? "sender_forged" : null;
}

/** A virus that a scanner found counts wherever in the message it is. */
function dangerousAttachment({ attachment_scan }: Examination, policy: DomainPolicy): RefusalReason | null {
  if (attachment_scan === null) return null;
  const { scanner, files } = attachment_scan;
  const dangers = new Set(files.flatMap((file) => file.dangers.map(({ danger }) => danger)));
  if (scanner.state === "infected") dangers.add("virus");
  return policy.refused_attachments.some((refused) => dangers.has(refused)) ? "dangerous_attachment" : null;
}
