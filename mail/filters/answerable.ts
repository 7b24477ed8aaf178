/** Whether anybody waits for an answer to a message: what answers by itself must ask this first (RFC 3834 §2). */
import { parseAddress } from "../address/address.ts";
import { whyAutomatic } from "../parse/automatic-mail.ts";
import { decodeField, readAllFields } from "../parse/fields.ts";

export type Unanswered =
  /** RFC 3834 §2, RFC 5321 §4.5.5: nobody sent it, or no address. */
  | "no_sender"
  /** RFC 5230 §4.6: the sender is a program, by its name. */
  | "program"
  | "list"
  | "automatic"
  /** Exchange asks so: X-Auto-Response-Suppress. */
  | "suppressed";

/** Null: somebody does. `header`: the bytes of the header, or more. */
export function whyUnanswered(returnPath: string, header: Uint8Array): Unanswered | null {
  const address = parseAddress(returnPath);
  if (returnPath === "" || !address.ok || address.value.domain === null) return "no_sender";
  if (isProgram(address.value.local_part)) return "program";
  const why = whyAutomatic(header);
  if (why !== null) return why;
  return readAllFields(header).some(({ name, value }) => isNotWanted(name, decodeField(value, null)))
    ? "suppressed"
    : null;
}

const PROGRAMS = new Set([
  ...["mailer-daemon", "mailerdaemon", "postmaster", "daemon", "root", "bounce", "bounces"],
  ...["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply"],
  ...["listserv", "majordomo", "mailman", "autoresponder", "auto-reply", "autoreply"],
]);

/** RFC 5230 §4.6, and RFC 2142 §6 for how lists name their addresses. A `+tag` is the bounce's, not the name's. */
function isProgram(localPart: string): boolean {
  const name = localPart.toLowerCase().replace(/[+=].*$/, "");
  return PROGRAMS.has(name) || /^(?:owner|bounces?|no-?reply)-|-(?:request|owner|bounces?|relay|noreply)$/.test(name);
}

/** [MS-OXCMAIL] §2.2.3.2.14: `All`, or a list of kinds. An answer of a vacationer is `OOF`, of a rule `AutoReply`. */
const isNotWanted = (name: string, value: string): boolean =>
  name === "x-auto-response-suppress" && /\b(?:all|oof|autoreply)\b/i.test(value);
