/** The message that a report is about, as far as the report gives it back: all of it, its header, or a quote in a text. */
import { parseMessageId } from "../parse/message-ids.ts";
import { type FieldLine, first } from "./field-lines.ts";
import { headerOf, type OpenedMessage } from "./opened-message.ts";

const RETURNED = /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers|partial)|text\/rfc822-headers)$/;
/** RFC 5322 §3.6.4, on a line of its own, indented or quoted as it may be. */
const MESSAGE_ID_LINE = /^[ \t>|]{0,20}(?:Original )?Message-ID:[ \t]*\r?\n?[ \t>]{0,20}<([^<>\s]{1,998})>/im;
const RETURN_PATH_LINE = /^[ \t>|]{0,20}Return-Path:[ \t]*<([^<>\s]{1,320})>/im;

export interface Returned {
  header: FieldLine[];
  message_id: string | null;
  mail_from: string | null;
}

/** `quoted`: the part of a text in which the message may stand, where none is attached. */
export function returnedMessage(message: OpenedMessage, quoted: string): Returned {
  const attached = message.leaves.findLast(({ type }) => RETURNED.test(type));
  const header = attached ? headerOf(attached.text) : [];
  return {
    header,
    message_id: parseMessageId(first(header, "message-id")) ?? MESSAGE_ID_LINE.exec(quoted)?.[1] ?? repliedTo(message),
    mail_from: pathIn(first(header, "return-path")) ?? RETURN_PATH_LINE.exec(quoted)?.[1] ?? null,
  };
}

/** Exchange and Gmail name the message in the header of the report itself. */
const repliedTo = ({ header }: OpenedMessage): string | null =>
  parseMessageId(first(header, "x-original-message-id")) ?? parseMessageId(first(header, "in-reply-to"));

/** A path without its angle brackets; null for none and for the null path. */
export function pathIn(text: string | null): string | null {
  const path = text?.trim().replace(/^<|>$/g, "") ?? "";
  return path.includes("@") ? path.slice(0, 320) : null;
}
