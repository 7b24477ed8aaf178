/** Messages on the wire: summaries in lists, details when opened, updates, drafts and sends. */
import { z } from "zod";
import { Address, AddressInput } from "./addresses.ts";
import { AttachmentScan } from "./attachment-scan.ts";
import { Authentication } from "./authentication.ts";
import { FolderId, MessageId, SubmissionId, ThreadId, UploadId, UserId } from "./ids.ts";
import {
  DEFAULT_PAGE,
  MAX_ATTACHMENTS,
  MAX_BATCH,
  MAX_FOLDERS_OF_MESSAGE,
  MAX_KEYWORDS,
  MAX_PAGE,
  MAX_UNDO_SECONDS,
} from "./limits.ts";
import { ListUnsubscribe } from "./list-unsubscribe.ts";
import { FileName, MediaType } from "./uploads.ts";
import { Warning } from "./warnings.ts";

/** What `is_read`, `is_flagged` and `is_draft` say already. */
const SYSTEM_KEYWORDS = new Set(["$seen", "$flagged", "$draft"]);

/** Keywords beyond those (RFC 8621 §4.1.1), such as `$answered`: IMAP atoms, in lower case. */
export const Keyword = z
  .string()
  .toLowerCase()
  .regex(/^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c\x7e]{1,255}$/, "not a keyword")
  .refine((keyword) => !SYSTEM_KEYWORDS.has(keyword), "has a field of its own");

export const MessageSummary = z.object({
  id: MessageId,
  user_id: UserId,
  thread_id: ThreadId,
  folder_ids: z.array(FolderId),
  from: Address.nullable(),
  /** The first MAX_LISTED_RECIPIENTS of them in a list, all of them in an opened message. */
  to: z.array(Address),
  subject: z.string(),
  preview: z.string(),
  received_at: z.iso.datetime(),
  size: z.number().int(),
  is_read: z.boolean(),
  is_flagged: z.boolean(),
  is_draft: z.boolean(),
  keywords: z.array(z.string()),
  has_attachment: z.boolean(),
  /** When it comes back into the inbox; null for what is not snoozed. */
  snoozed_until: z.iso.datetime().nullable(),
});
export type MessageSummary = z.infer<typeof MessageSummary>;

export const Attachment = z.object({
  /** The number in `GET /v1/messages/{id}/attachments/{n}`. */
  n: z.number().int(),
  filename: z.string(),
  content_type: z.string(),
  /** Decoded bytes. */
  size: z.number().int(),
  content_id: z.string().nullable(),
  disposition: z.enum(["attachment", "inline"]),
});
export type Attachment = z.infer<typeof Attachment>;

export const Message = MessageSummary.extend({
  cc: z.array(Address),
  bcc: z.array(Address),
  reply_to: z.array(Address),
  /** The Date field, which the sender wrote. */
  sent_at: z.iso.datetime().nullable(),
  headers: z.object({
    message_id: z.string().nullable(),
    in_reply_to: z.string().nullable(),
    references: z.array(z.string()),
  }),
  body: z.string(),
  /**
   * The HTML made safe to read: no scripts, handlers or forms, and nothing in it loads anything. Its inline images are
   * `cid:` addresses of `attachments[].content_id`. Images elsewhere are marked (`data:text/x-remote-image,` before their
   * address), or with `?images=proxied` have addresses of this service. It is its sender's still: show it in a sandboxed
   * frame. Null where there is none, or where `html_note` says why there is none.
   */
  body_html: z.string().nullable(),
  /** Addresses that its images would be loaded from. */
  remote_images: z.number().int(),
  /**
   * Whether they may be loaded without asking: as `remote_images` of the settings says, and then only for a sender on the
   * list of `/v1/image-senders` whose mail this verifiably is. Never in junk, and never where the sender is forged.
   */
  shows_images: z.boolean(),
  /** Why its HTML is not shown, if it has any; `body` is its text. */
  html_note: z.string().nullable(),
  attachments: z.array(Attachment),
  /** Verdicts on who sent it, or null where none were made. Never the sender's own claims. */
  authentication: Authentication.nullable(),
  warnings: z.array(Warning),
  /** Null where there is nothing to say of its attachments. */
  attachment_scan: AttachmentScan.nullable(),
  /** Null where it came over no list that can be left. */
  list_unsubscribe: ListUnsubscribe.nullable(),
  /** The envelope: the reverse-path, and the addresses of this account that the message came to. */
  return_path: z.string(),
  delivered_to: z.array(z.string()),
  /** Why the message is shown raw, if it could not be parsed. */
  parse_note: z.string().nullable(),
  /** Who asks to be told that it was read. Nobody is, but by `POST /v1/messages/{id}/read-receipt`. */
  receipt_to: z.string().nullable(),
  submission_id: SubmissionId.nullable(),
  /** Of a draft: what `If-Match` takes, in double quotes, to change it only as it is here. */
  draft_revision: z.string().nullable(),
});
export type Message = z.infer<typeof Message>;

/** `proxied`: images that are elsewhere are loaded through this service, which tells their owner nothing of the reader. */
export const OpenMessage = z.object({ images: z.enum(["proxied"]).optional() });

const cursor = z.string().min(1).max(64).optional();
const limit = z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE);

export const ListMessages = z.object({
  limit,
  cursor,
  is_read: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .optional(),
  /** `thread`: of each conversation only the newest message that the list would show. */
  collapse: z.enum(["thread"]).optional(),
});
export type ListMessages = z.infer<typeof ListMessages>;

/** A conversation behind the message that stands for it in a list. */
export const ThreadSummary = z.object({
  /** Messages in all folders, up to MAX_COUNTED_IN_THREAD. */
  total: z.number().int(),
  unread: z.number().int(),
  is_muted: z.boolean(),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

export const MessagePage = z.object({
  /** `thread` is there in a list collapsed by thread. */
  messages: z.array(MessageSummary.extend({ thread: ThreadSummary.optional() })),
  next_cursor: z.string().nullable(),
});
export type MessagePage = z.infer<typeof MessagePage>;

export const PageOfThread = z.object({ limit, cursor });
export const Thread = z.object({
  id: ThreadId,
  user_id: UserId,
  is_muted: z.boolean(),
  /** Oldest first. */
  messages: z.array(MessageSummary),
  next_cursor: z.string().nullable(),
});
export type Thread = z.infer<typeof Thread>;

/** Muted: what comes in is archived, read. */
export const UpdateThread = z.strictObject({ is_muted: z.boolean() });
export type UpdateThread = z.infer<typeof UpdateThread>;

/** Until then it is out of the inbox; null for back in it now. */
const snoozed_until = z.iso.datetime({ offset: true }).nullable();

/**
 * Which folders a message is in, said by what is not so any more: whoever was without a network for an hour leaves alone
 * what was done meanwhile. A message that would be in none is archived.
 */
const folderChanges = {
  add_folder_ids: z.array(FolderId).min(1).max(MAX_FOLDERS_OF_MESSAGE).optional(),
  remove_folder_ids: z.array(FolderId).min(1).max(MAX_FOLDERS_OF_MESSAGE).optional(),
};

interface Placing {
  folder_ids?: unknown;
  snoozed_until?: unknown;
  add_folder_ids?: unknown;
  remove_folder_ids?: unknown;
}

/** Each of them says which folders a message is in. */
const isClear = ({ folder_ids, snoozed_until }: Placing): boolean =>
  folder_ids === undefined || snoozed_until === undefined;
const NOT_CLEAR = { path: ["snoozed_until"], message: "goes without folder_ids" };
const isOneWay = ({ folder_ids, snoozed_until, add_folder_ids, remove_folder_ids }: Placing): boolean =>
  (folder_ids === undefined && snoozed_until === undefined) || (add_folder_ids ?? remove_folder_ids) === undefined;
const NOT_ONE_WAY = { path: ["add_folder_ids"], message: "goes without folder_ids and snoozed_until" };

export const UpdateMessage = z
  .strictObject({
    is_read: z.boolean().optional(),
    is_flagged: z.boolean().optional(),
    /** The whole new list of folders. */
    folder_ids: z.array(FolderId).min(1).max(MAX_FOLDERS_OF_MESSAGE).optional(),
    ...folderChanges,
    /** The whole new list of keywords. */
    keywords: z.array(Keyword).max(MAX_KEYWORDS).optional(),
    snoozed_until: snoozed_until.optional(),
  })
  .refine((update) => Object.keys(update).length > 0, "nothing to change")
  .refine(isClear, NOT_CLEAR)
  .refine(isOneWay, NOT_ONE_WAY);
export type UpdateMessage = z.infer<typeof UpdateMessage>;

/** The same update for many messages, or their deletion. All of it happens, or none. */
export const UpdateMessages = z
  .strictObject({
    ids: z.array(MessageId).min(1).max(MAX_BATCH),
    is_read: z.boolean().optional(),
    is_flagged: z.boolean().optional(),
    folder_ids: z.array(FolderId).min(1).max(MAX_FOLDERS_OF_MESSAGE).optional(),
    ...folderChanges,
    keywords: z.array(Keyword).max(MAX_KEYWORDS).optional(),
    snoozed_until: snoozed_until.optional(),
    /** To trash; from trash for good. */
    delete: z.literal(true).optional(),
  })
  .refine((update) => Object.keys(update).length > 1, "nothing to change")
  .refine((update) => !update.delete || Object.keys(update).length === 2, "delete goes alone")
  .refine(isClear, NOT_CLEAR)
  .refine(isOneWay, NOT_ONE_WAY);
export type UpdateMessages = z.infer<typeof UpdateMessages>;

/**
 * An attachment is one of four: bytes that are given here; a file that was uploaded; an attachment of a message that is
 * here, which is how a draft keeps its own and a forward takes over others; or a whole message. What is named is not
 * sent again, and keeps its name, type and place unless others are given.
 */
export const AttachmentInput = z
  .strictObject({
    /** The bytes in base64 (RFC 4648 §4). */
    content: z.string().optional(),
    upload_id: UploadId.optional(),
    message_id: MessageId.optional(),
    /** The attachment of `message_id`; without it the whole message is attached, as message/rfc822. */
    n: z.number().int().min(0).optional(),
    filename: FileName.optional(),
    content_type: MediaType.optional(),
    content_id: z
      .string()
      .max(200)
      .regex(/^[^\s<>]+$/, "not a content id")
      .optional(),
    /**
     * `inline` with a `content_id`: the HTML shows it. `alternative`: another form of the text, which is how invitations
     * (`text/calendar; method=REQUEST`) are sent.
     */
    disposition: z.enum(["attachment", "inline", "alternative"]).optional(),
  })
  .superRefine(({ content, upload_id, message_id, n, filename, content_type }, context) => {
    const issue = (at: string, message: string) => context.addIssue({ code: "custom", path: [at], message });
    const sources = [content, upload_id, message_id].filter((source) => source !== undefined);
    if (sources.length !== 1) issue("content", "one of content, upload_id and message_id is needed");
    if (content !== undefined && filename === undefined) issue("filename", "needed with content");
    if (n !== undefined && message_id === undefined) issue("n", "goes with message_id");
    if (message_id !== undefined && n === undefined && content_type !== undefined) {
      issue("content_type", "a whole message is message/rfc822");
    }
  });
export type AttachmentInput = z.infer<typeof AttachmentInput>;

/** What a draft holds. Everything may be missing, and addresses may be half typed. */
export const DraftMessage = z.strictObject({
  from: AddressInput.optional(),
  to: z.array(AddressInput).max(MAX_BATCH).default([]),
  cc: z.array(AddressInput).max(MAX_BATCH).default([]),
  bcc: z.array(AddressInput).max(MAX_BATCH).default([]),
  reply_to: z.array(AddressInput).max(10).default([]),
  subject: z.string().max(5000).default(""),
  body: z.string().default(""),
  body_html: z.string().optional(),
  attachments: z.array(AttachmentInput).max(MAX_ATTACHMENTS).default([]),
  /** The message that this one answers: its id here, or its Message-ID. */
  in_reply_to: z.string().min(1).max(998).optional(),
  /** The message here that this one passes on: it is marked `$forwarded` when this one is sent. */
  forwarded_message_id: MessageId.optional(),
  /** Asks the readers' programs to tell when it was read (RFC 8098). Most people's do not. */
  request_read_receipt: z.boolean().optional(),
});
export type DraftMessage = z.infer<typeof DraftMessage>;

/** When a message leaves. */
export const SendTime = z.strictObject({
  /** Not before this moment. */
  send_at: z.iso.datetime({ offset: true }).optional(),
  /** For so long the send can still be undone. Without this and `send_at`, what the settings say. */
  undo_seconds: z.number().int().min(0).max(MAX_UNDO_SECONDS).optional(),
});
export type SendTime = z.infer<typeof SendTime>;

/**
 * Whose reputation a message is sent on. `personal`: somebody wrote it to somebody. `transactional`: a program answers
 * what its recipient did, a password reset say; it leaves at once. `bulk`: the same to many, who can unsubscribe.
 */
export const MessageClass = z.enum(["personal", "transactional", "bulk"]);

export const SendMessage = z.strictObject({
  ...DraftMessage.shape,
  ...SendTime.shape,
  class: MessageClass.default("personal"),
  /** Sends to addresses that are on the list of suppressed ones as well. Who unsubscribed gets no bulk mail all the same. */
  ignore_suppressed: z.boolean().optional(),
});
export type SendMessage = z.infer<typeof SendMessage>;

export const Sent = z.object({ id: MessageId, submission_id: SubmissionId });
export type Sent = z.infer<typeof Sent>;
