/** A letter that answers a message, passes it on, or says the same again. */
import type { Address } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import { isSameAddress, withoutRepeats, writeAddress } from "./address-list.ts";
import { type Attached, EMPTY, type Letter, recipients } from "./letter.ts";
import { quoteOf, splitHtml } from "./quote.ts";

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

/** In the form that the message has: rich where it is, else plain. */
export function answerTo(message: Message, how: How, writer: Writer): Letter {
  if (how === "again") return again(message, writer);
  const isForward = how === "forward";
  const from = addressee(message, writer);
  const quote = quoteIn(message, isForward, writer);
  const letter: Letter = { ...EMPTY, ...quote, from, subject: subjectOf(message.subject, how) };
  if (isForward) return { ...letter, attachments: attachmentsOf(message), forwarded_message_id: message.id };
  const { to, cc } = answered(message, how, writer);
  return {
    ...letter,
    to: recipients(to),
    cc: recipients(cc),
    attachments: attachmentsOf(message).filter(({ content_id }) => isShownIn(letter.quote?.html, content_id)),
    in_reply_to: message.id,
  };
}

function quoteIn(message: Message, isForward: boolean, writer: Writer): Pick<Letter, "body" | "html" | "quote"> {
  const lines = isForward ? writer.describe(message) : [writer.introduce(message)];
  const { body, body_html } = message;
  if (body_html !== null) return { body: "", html: "<p></p>", quote: quoteOf(lines, body, body_html, isForward) };
  const below = isForward ? `\n${body}` : `${quoted(body)}\n`;
  return { body: `\n\n${lines.join("\n")}\n${below}`, html: null, quote: null };
}

const again = (message: Message, { addresses }: Writer): Letter => ({
  ...EMPTY,
  ...contentOf(message),
  // Somebody else's message is written again in one's own name.
  from: addresses.find((email) => message.from !== null && isSameAddress(message.from, { email })) ?? null,
  to: recipients(message.to),
  cc: recipients(message.cc),
  bcc: recipients(message.bcc),
  subject: message.subject,
  attachments: attachmentsOf(message),
});

/** What was written once, to be written on. */
export function contentOf({ body, body_html }: Message): Pick<Letter, "body" | "html" | "quote"> {
  // The line end that a message has and a field does not.
  if (body_html === null) return { body: body.replace(/\n$/, ""), html: null, quote: null };
  const { own, quote } = splitHtml(body_html, body);
  return { body: "", html: own || "<p></p>", quote };
}

/** Who answers one's own letter writes on to those that it went to. */
function answered(message: Message, how: How, { addresses }: Writer): { to: Address[]; cc: Address[] } {
  const isOwn = ({ email }: Address) => addresses.some((own) => isSameAddress({ email: own }, { email }));
  const { from, reply_to } = message;
  const wantedBy = reply_to.length > 0 ? reply_to : from === null ? [] : [from];
  if (from !== null && isOwn(from)) return { to: message.to, cc: how === "replyAll" ? message.cc : [] };
  const to = withoutRepeats(wantedBy);
  if (how === "reply") return { to, cc: [] };
  const others = [...message.to, ...message.cc].filter((one) => !isOwn(one));
  return { to, cc: withoutRepeats([...to, ...others]).slice(to.length) };
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

export const isShownIn = (html: string | undefined, content_id: string | null): boolean =>
  content_id !== null && (html ?? "").includes(`cid:${content_id}`);

export const listed = (addresses: readonly Address[]): string => addresses.map(writeAddress).join(", ");
