/** A letter that answers a message, passes it on, or says the same again. */
import type { Address } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import { isSameAddress, withoutRepeats, writeAddress } from "./address-list.ts";
import { type Attached, EMPTY, type Letter, recipients } from "./letter.ts";

export type How = "reply" | "replyAll" | "forward" | "again";

/** What the writer's language says, and who the writer is. */
export interface Writer {
  /** The addresses of the identities. */
  addresses: readonly string[];
  /** The line above what is answered. */
  introduce(message: Message): string;
  /** The lines above what is passed on. */
  describe(message: Message): string[];
}

export function answerTo(message: Message, how: How, writer: Writer): Letter {
  if (how === "again") return again(message);
  const letter: Letter = { ...EMPTY, from: addressee(message, writer), subject: subjectOf(message.subject, how) };
  if (how === "forward") {
    return {
      ...letter,
      body: `\n\n${writer.describe(message).join("\n")}\n\n${message.body}`,
      attachments: attachmentsOf(message),
      forwarded_message_id: message.id,
    };
  }
  const { to, cc } = answered(message, how, writer);
  const body = `\n\n${writer.introduce(message)}\n${quoted(message.body)}\n`;
  return { ...letter, to: recipients(to), cc: recipients(cc), body, in_reply_to: message.id };
}

const again = (message: Message): Letter => ({
  ...EMPTY,
  to: recipients(message.to),
  cc: recipients(message.cc),
  bcc: recipients(message.bcc),
  subject: message.subject,
  body: message.body,
  attachments: attachmentsOf(message),
});

/** Who answers one's own letter writes on to those that it went to. */
function answered(message: Message, how: How, { addresses }: Writer): { to: Address[]; cc: Address[] } {
  const isOwn = ({ email }: Address) => addresses.some((own) => isSameAddress({ email: own }, { email }));
  const { from, reply_to } = message;
  const wantedBy = reply_to.length > 0 ? reply_to : from === null ? [] : [from];
  if (from !== null && isOwn(from)) return { to: message.to, cc: how === "replyAll" ? message.cc : [] };
  if (how === "reply") return { to: wantedBy, cc: [] };
  const others = [...message.to, ...message.cc].filter((one) => !isOwn(one));
  const [to, all] = [withoutRepeats(wantedBy), withoutRepeats([...wantedBy, ...others])];
  return { to, cc: all.slice(to.length) };
}

/** The own address that the message came to: the answer comes from it. */
function addressee({ to, cc, delivered_to, from }: Message, { addresses }: Writer): string | null {
  const named = [...(from === null ? [] : [from]), ...to, ...cc, ...delivered_to.map((email) => ({ email }))];
  return addresses.find((email) => named.some((one) => isSameAddress(one, { email }))) ?? null;
}

const PREFIX = { reply: /^\s*re\s*:/i, forward: /^\s*(?:fwd?|wg)\s*:/i };

export function subjectOf(subject: string, how: How): string {
  if (how === "forward") return PREFIX.forward.test(subject) ? subject : `Fwd: ${subject}`;
  return PREFIX.reply.test(subject) ? subject : `Re: ${subject}`;
}

/** RFC 3676 §4.5: a quote of a quote has no blank between its signs. */
export const quoted = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (line.startsWith(">") ? `>${line}` : line === "" ? ">" : `> ${line}`))
    .join("\n");

/** By reference: the bytes stay where they are. */
export const attachmentsOf = ({ id, attachments }: Message): Attached[] =>
  attachments.map(({ n, filename, content_type, size, content_id, disposition }) => ({
    ...{ key: `${id} ${n}`, filename, content_type, size, source: { message_id: id, n } },
    content_id: disposition === "inline" ? content_id : null,
  }));

export const listed = (addresses: readonly Address[]): string => addresses.map(writeAddress).join(", ");
