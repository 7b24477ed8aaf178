/** One attached file as a MIME part: its media type, name, disposition (RFC 2183) and encoding. */
import type { Part } from "./assemble.ts";
import { encodeBinary, encodeIdentity, type PartBody } from "./body-encoding.ts";
import { type ContentForm, contentForm } from "./content-form.ts";
import { foldTokens, oneLine } from "./header-text.ts";
import { type MediaType, OCTET_STREAM, parseMediaType } from "./media-type.ts";
import { formatMessageId } from "./message-ids.ts";
import { formatParameters, formatParametersWithName } from "./parameters.ts";
import { MIME_BASE64, type Piece, type StoredPiece } from "./pieces.ts";

/** A file that is stored already, or is going to be for itself. */
export interface StoredFile extends Pick<StoredPiece, "sha256" | "size" | "content"> {
  /** Null where nobody looked: then a text says no more of its charset than its media type does. */
  form: ContentForm | null;
}

/** A message that is attached whole, and may have stored files of its own in it. It is fit to travel as it is. */
export interface EnclosedMessage {
  pieces: Piece[];
  is_eight_bit: boolean;
}

export interface OutgoingAttachment {
  filename: string;
  content_type: string;
  content: Uint8Array | StoredFile | EnclosedMessage;
  /** `alternative`: another form of the text itself (RFC 2046 §5.1.4), which calendar invitations are sent as. */
  disposition: "attachment" | "inline" | "alternative";
  /** With or without angle brackets. */
  content_id?: string;
}

/** Shown by the HTML rather than listed (RFC 2392 §2). Without an id there is nothing for the HTML to refer to. */
export function isRelated(attachment: OutgoingAttachment): boolean {
  return dispositionOf(attachment, parseMediaType(attachment.content_type)) === "inline" && idOf(attachment) !== null;
}

/** Another form of the text. Plain text and HTML are the body's own, and of the rest only leaves can be one. */
export const isAlternative = ({ disposition, content_type }: OutgoingAttachment): boolean =>
  disposition === "alternative" &&
  !/^(?:message\/|multipart\/|text\/(?:plain|html)$)/.test(parseMediaType(content_type).type);

export function formatAttachment(attachment: OutgoingAttachment): Part {
  const claimed = parseMediaType(attachment.content_type);
  const { type, parameters, body } = encodeContent(attachment.content, claimed);
  const filename = oneLine(attachment.filename);
  const headers: Record<string, string> = {
    "Content-Type": formatParametersWithName("Content-Type", type, parameters, filename),
  };
  // Outlook and Gmail take an invitation for one where it has no disposition; with one it is a file.
  if (!isAlternative(attachment)) {
    headers["Content-Disposition"] = formatParameters(
      "Content-Disposition",
      dispositionOf(attachment, claimed),
      filename === "" ? [] : [["filename", filename]],
    );
  }
  const id = idOf(attachment);
  if (id !== null) headers["Content-ID"] = foldTokens("Content-ID", [id]);
  return { headers, body };
}

/** Readers run inline text and messages together with the body (RFC 2183 §2.1), where their file name is lost. */
function dispositionOf({ disposition }: OutgoingAttachment, { type }: MediaType): "attachment" | "inline" {
  return /^(?:text|message|multipart)\//.test(type) || disposition !== "inline" ? "attachment" : "inline";
}

function idOf({ content_id }: OutgoingAttachment): string | null {
  return content_id === undefined ? null : formatMessageId(content_id);
}

/**
 * RFC 2045 §6.4 forbids base64 on message/* and multipart/*. A message goes as it is, 7bit or 8bit. One that cannot (a
 * NUL, a bare LF, a line over 998 octets), and any multipart, which would need its own boundary parameter to be true,
 * becomes an octet stream in base64: the same octets arrive, and only the preview is lost.
 */
function encodeContent(content: OutgoingAttachment["content"], claimed: MediaType): MediaType & { body: PartBody } {
  if ("pieces" in content) {
    const encoding = content.is_eight_bit ? "8bit" : "7bit";
    return { type: "message/rfc822", parameters: [], body: { encoding, pieces: content.pieces } };
  }
  if (/^(?:message|multipart)\//.test(claimed.type)) {
    const body = claimed.type.startsWith("message/") ? asItIs(content) : null;
    return body === null ? { ...OCTET_STREAM, body: inBase64(content) } : { ...claimed, body };
  }
  return { ...withCharset(claimed, content), body: inBase64(content) };
}

function asItIs(content: Uint8Array | StoredFile): PartBody | null {
  if (content instanceof Uint8Array) return encodeIdentity(content);
  if (!content.form?.is_transparent) return null;
  return { encoding: content.form.is_eight_bit ? "8bit" : "7bit", pieces: [pieceOf(content, null)] };
}

const inBase64 = (content: Uint8Array | StoredFile): PartBody =>
  content instanceof Uint8Array
    ? encodeBinary(content)
    : { encoding: "base64", pieces: [pieceOf(content, MIME_BASE64)] };

const pieceOf = ({ sha256, size, content }: StoredFile, base64: StoredPiece["base64"]): StoredPiece => ({
  ...{ sha256, size, base64, content },
});

/** Text without a charset is US-ASCII (RFC 2046 §4.1.2). A file that is UTF-8 says so, or its accents arrive broken. */
function withCharset(claimed: MediaType, content: Uint8Array | StoredFile): MediaType {
  if (!claimed.type.startsWith("text/") || claimed.parameters.some(([name]) => name === "charset")) return claimed;
  const form = content instanceof Uint8Array ? contentForm(content) : content.form;
  if (!form?.is_eight_bit || !form.is_utf8) return claimed;
  return { ...claimed, parameters: [...claimed.parameters, ["charset", "utf-8"]] };
}
