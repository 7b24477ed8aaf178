/** Message-ID, In-Reply-To, References and Content-ID (RFC 5322 §3.6.4, RFC 2045 §7). */
import type { Field } from "./assemble.ts";
import { foldTokens, withoutControls } from "./header-text.ts";

/** An id cannot be folded, so a longer one would make a line that servers cut. Real ones stay under 200. */
const MAX_ID_CHARACTERS = 500;

/**
 * What References keeps of a long thread: the first id, which names it, and the last ones (RFC 5537 §3.4.4, which asks
 * for these at least). Received ones set no bound; Cloudflare's sending refuses a field over 2,048 octets.
 */
export const MAX_REFERENCES_OCTETS = 2000;

/**
 * An id in its angle brackets, given with or without them. Null for what is no id: empty, not ASCII (RFC 6532 §3.3
 * would let it through to servers with SMTPUTF8 alone), with a space or bracket inside, or too long for a line.
 */
export function formatMessageId(id: string): string | null {
  const inner = withoutControls(id).trim().replace(/^</, "").replace(/>$/, "");
  return /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(inner) && inner.length <= MAX_ID_CHARACTERS ? `<${inner}>` : null;
}

/** The parent's id comes last in References (RFC 5322 §3.6.4), each id once, what is no id left out. */
function formatReferences(references: readonly string[], inReplyTo: string | null): string[] {
  const given = inReplyTo === null ? references : [...references, inReplyTo];
  const [first, ...others] = new Set(given.map(formatMessageId).filter((id) => id !== null));
  if (first === undefined) return [];
  const kept: string[] = [];
  let octets = first.length;
  for (const id of others.reverse()) {
    octets += id.length + 1;
    if (octets > MAX_REFERENCES_OCTETS) break;
    kept.push(id);
  }
  return [first, ...kept.reverse()];
}

export interface ThreadPlace {
  message_id: string;
  in_reply_to: string | null;
  references: readonly string[];
}

/** Message-ID, In-Reply-To and References. An id of our own that is none is our mistake, and throws. */
export function formatThreadFields({ message_id, in_reply_to, references }: ThreadPlace): Field[] {
  const id = formatMessageId(message_id);
  if (id === null) throw new RangeError(`not a message id: ${JSON.stringify(message_id)}`);
  const parent = in_reply_to === null ? null : formatMessageId(in_reply_to);
  const lists: [name: string, ids: string[]][] = [
    ["Message-ID", [id]],
    ["In-Reply-To", parent === null ? [] : [parent]],
    ["References", formatReferences(references, in_reply_to)],
  ];
  return lists.filter(([, ids]) => ids.length > 0).map(([name, ids]) => [name, foldTokens(name, ids)]);
}
