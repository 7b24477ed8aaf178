/** What an attachment is by what its sender says it is, and whether it is shown here. What is shown is never run. */
import type { Attachment } from "../../../contract/messages.ts";

export type Preview = "image" | "audio" | "video" | "text" | "pdf" | "message";

export type Kind = Preview | "calendar" | "archive" | "other";

/** What a browser draws without a script in it: SVG is a document. */
const IMAGE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
const TEXT = /^text\/(?!html|calendar|xml)|^application\/(?:json|x-ndjson|toml|yaml|sql)$/;
const ARCHIVE = /zip|tar|compressed|rar/;

/** Larger ones are downloaded: they would be held in memory whole. */
const MOST_SEEN = { image: 30e6, audio: 60e6, video: 60e6, text: 5e6, pdf: 40e6, message: 20e6 };

export function kindOf({ content_type, filename }: Pick<Attachment, "content_type" | "filename">): Kind {
  const type = content_type.toLowerCase();
  if (IMAGE.test(type)) return "image";
  if (type === "application/pdf" || (type === "application/octet-stream" && /\.pdf$/i.test(filename))) return "pdf";
  if (type === "text/calendar" || type === "application/ics") return "calendar";
  if (type === "message/rfc822" || /\.eml$/i.test(filename)) return "message";
  if (TEXT.test(type)) return "text";
  if (type.startsWith("audio/")) return "audio";
  if (type.startsWith("video/")) return "video";
  return ARCHIVE.test(type) ? "archive" : "other";
}

/**
 * Programs send an invitation twice: in place of the text, without a name, and as a file (nodemailer's `icalEvent`). The
 * file stands for both.
 */
export function withoutTwins(attachments: Attachment[]): Attachment[] {
  const calendars = attachments.filter((one) => kindOf(one) === "calendar");
  const unnamed = new Set(calendars.filter(hasMadeUpName));
  return unnamed.size < calendars.length ? attachments.filter((one) => !unnamed.has(one)) : attachments;
}

/** As `mail/parse/file-name.ts` calls what its sender gave no name. */
const hasMadeUpName = ({ filename, n }: Attachment): boolean => filename.startsWith(`attachment-${n + 1}.`);

/** How it can be seen here, or null. */
export function previewOf(attachment: Attachment): Preview | null {
  const kind = kindOf(attachment);
  if (kind === "calendar") return attachment.size <= MOST_SEEN.text ? "text" : null;
  if (kind === "archive" || kind === "other") return null;
  return attachment.size <= MOST_SEEN[kind] ? kind : null;
}

/** In the API. */
export const attachmentPath = (id: string, n: number): string => `/messages/${id}/attachments/${n}`;

export const attachmentAddress = (id: string, n: number): string => `/v1${attachmentPath(id, n)}`;
