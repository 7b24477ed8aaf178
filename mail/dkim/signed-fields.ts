/** Which fields a signature covers (RFC 6376 §5.4), and in which order a verifier takes them. */
import type { HeaderField } from "./canonical-header.ts";

/**
 * Listed once more than they occur (RFC 6376 §8.15): one that is added on the way, in front of ours, would be what a
 * reader shows, under our signature. The MIME fields are among them, since they decide what the body looks like.
 */
const OVERSIGNED = [
  ...["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To"],
  ...["MIME-Version", "Content-Type", "Content-Transfer-Encoding"],
];

/**
 * Covered where they are, and then closed too: RFC 8058 §4 asks for the two of List-Unsubscribe. Where they are not, a
 * mailing list may add its own without breaking the signature.
 */
const COVERED = [
  ...["In-Reply-To", "References", "Sender", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"],
  ...["Auto-Submitted", "Disposition-Notification-To"],
];

export interface SignedFields {
  /** As they are listed in `h=`. */
  names: string[];
  /** In the same order; a name that stands for an absent field has none (RFC 6376 §5.4). */
  fields: HeaderField[];
}

export function signedFields(header: readonly HeaderField[]): SignedFields {
  const byName = Map.groupBy(header, ({ name }) => name);
  const signed: SignedFields = { names: [], fields: [] };
  for (const name of [...OVERSIGNED, ...COVERED]) {
    // RFC 6376 §5.4.2: several of one name are taken from the bottom up.
    const present = (byName.get(name.toLowerCase()) ?? []).toReversed();
    const isClosed = present.length > 0 || OVERSIGNED.includes(name);
    signed.fields.push(...present);
    signed.names.push(...present.map(() => name), ...(isClosed ? [name] : []));
  }
  return signed;
}
