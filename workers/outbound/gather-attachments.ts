/**
 * The attachments of a message that is going to be composed: those that came with the request, and those that it names.
 * What is named and is not here, or makes the message too large, is refused before anything is read.
 */
import { Failure } from "../../contract/failure.ts";
import { MAX_SENT_BYTES } from "../../contract/limits.ts";
import type { AttachmentInput, DraftMessage } from "../../contract/messages.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { FoundAttachment, WantedAttachment } from "../../durable-objects/mailbox/attached.ts";
import type { OutgoingAttachment } from "../../mail/compose/compose-message.ts";
import { contentForm } from "../../mail/compose/content-form.ts";
import { parseMediaType } from "../../mail/compose/media-type.ts";
import { MIME_BASE64 } from "../../mail/compose/pieces.ts";
import { encodedSize } from "../../mail/split/base64-layout.ts";
import type { Env } from "../env.ts";
import { NoBytes } from "../storage/split-parts.ts";
import { fileOf, readBlob, StoredAttachments } from "../storage/stored-attachments.ts";

/** Asks the Mailbox for what is named. */
export type FindAttached = (wanted: WantedAttachment[]) => Promise<FoundAttachment[]>;

/** Throws with every attachment whose content is none. */
export const attachmentIssues = ({ attachments }: DraftMessage): ProblemIssue[] =>
  attachments.flatMap(({ content }, n) =>
    content === undefined || isBase64(content)
      ? []
      : [{ at: `body.attachments.${n}.content`, message: "not base64 (RFC 4648 §4)" }],
  );

/** Node's decoder skips what it does not know; half an attachment must be an error instead. */
function isBase64(content: string): boolean {
  const text = withoutLines(content);
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

const withoutLines = (text: string): string => text.replaceAll(/[\r\n]/g, "");

/** `draftId`: the draft that is being written, which cannot hold itself. */
export async function gatherAttachments(
  env: Env,
  { attachments }: DraftMessage,
  draftId: string | null,
  find: FindAttached,
): Promise<OutgoingAttachment[]> {
  requireNotItself(attachments, draftId);
  const wanted = attachments.flatMap(({ upload_id, message_id, n }, at) =>
    upload_id === undefined && message_id === undefined ? [] : [{ at, upload_id, message_id, n }],
  );
  if (wanted.length === 0) return attachments.map((input) => given(input, decode(input)));
  const found = new Map((await find(wanted)).map((one, i) => [wanted[i]?.at, one]));
  requireFits(attachments, found);
  const stored = new StoredAttachments(env);
  const gathered: OutgoingAttachment[] = [];
  for (const [at, input] of attachments.entries()) {
    const named = found.get(at);
    if (named === undefined) gathered.push(given(input, await fileOf(decode(input))));
    else gathered.push(await orGone(at, async () => readForm(env, withOverrides(await stored.open(named), input))));
  }
  return gathered;
}

const decode = ({ content = "" }: AttachmentInput): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(withoutLines(content), "base64"));

function given(input: AttachmentInput, content: OutgoingAttachment["content"]): OutgoingAttachment {
  const { filename = "", content_type = "application/octet-stream", disposition = "attachment", content_id } = input;
  return { filename, content_type, disposition, content, ...(content_id === undefined ? {} : { content_id }) };
}

function withOverrides(found: OutgoingAttachment, input: AttachmentInput): OutgoingAttachment {
  const { filename = found.filename, content_type = found.content_type } = input;
  const { disposition = found.disposition, content_id = found.content_id } = input;
  return { ...found, filename, content_type, disposition, ...(content_id === undefined ? {} : { content_id }) };
}

/** A message travels as it is or not at all, and somebody has to look which. */
async function readForm(env: Env, attachment: OutgoingAttachment): Promise<OutgoingAttachment> {
  const { content, content_type } = attachment;
  if (!("sha256" in content) || content.form !== null) return attachment;
  if (!parseMediaType(content_type).type.startsWith("message/")) return attachment;
  return { ...attachment, content: { ...content, form: contentForm(await readBlob(env, content.sha256)) } };
}

function requireNotItself(attachments: AttachmentInput[], draftId: string | null): void {
  const issues = attachments.flatMap(({ message_id, n }, at) =>
    draftId !== null && message_id === draftId && n === undefined
      ? [{ at: `body.attachments.${at}.message_id`, message: "the message itself" }]
      : [],
  );
  if (issues.length > 0) throw new Failure("bad_request", "A message cannot be attached to itself.", issues);
}

/** By what is known without reading: the rest is measured when the message is there. */
function requireFits(attachments: AttachmentInput[], found: Map<number | undefined, FoundAttachment>): void {
  const sizes = attachments.map((input, at) => {
    const named = found.get(at);
    if (named === undefined) return encodedSize(Math.floor(((input.content?.length ?? 0) * 3) / 4), MIME_BASE64);
    if (named.kind === "message") return named.size;
    const [size, type] =
      named.kind === "upload" ? [named.size, named.content_type] : [named.info.size, named.info.content_type];
    return (input.content_type ?? type).startsWith("message/") ? size : encodedSize(size, MIME_BASE64);
  });
  const total = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  if (total > MAX_SENT_BYTES) throw tooLarge(total);
}

export const tooLarge = (size: number) =>
  new Failure("message_too_large", `The message has ${size} bytes; ${MAX_SENT_BYTES} is the limit.`);

/** What was here when the Mailbox was asked may be deleted while it is read. */
export async function orGone<T>(at: number | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NoBytes)) throw error;
    const issues = at === null ? [] : [{ at: `body.attachments.${at}`, message: "deleted meanwhile" }];
    throw new Failure("conflict", "An attachment is not here any more: it was deleted meanwhile.", issues);
  }
}
