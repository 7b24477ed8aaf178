/** One attached file as a MIME part: its media type, name, disposition (RFC 2183) and encoding. */
import type { Part } from "./assemble.ts";
import { type EncodedBody, encodeBinary, encodeIdentity } from "./body-encoding.ts";
import { isEightBit } from "./bytes.ts";
import { foldTokens, oneLine } from "./header-text.ts";
import { type MediaType, OCTET_STREAM, parseMediaType } from "./media-type.ts";
import { formatMessageId } from "./message-ids.ts";
import { formatParameters, formatParametersWithName } from "./parameters.ts";

export interface OutgoingAttachment {
  filename: string;
  content_type: string;
  content: Uint8Array;
  disposition: "attachment" | "inline";
  /** With or without angle brackets. */
  content_id?: string;
}

/** Shown by the HTML rather than listed (RFC 2392 §2). Without an id there is nothing for the HTML to refer to. */
export function isRelated(attachment: OutgoingAttachment): boolean {
  return dispositionOf(attachment, parseMediaType(attachment.content_type)) === "inline" && idOf(attachment) !== null;
}

export function formatAttachment(attachment: OutgoingAttachment): Part {
  const claimed = parseMediaType(attachment.content_type);
  const { type, parameters, body } = encodeContent(attachment.content, claimed);
  const filename = oneLine(attachment.filename);
  const headers: Record<string, string> = {
    "Content-Type": formatParametersWithName("Content-Type", type, parameters, filename),
    "Content-Disposition": formatParameters(
      "Content-Disposition",
      dispositionOf(attachment, claimed),
      filename === "" ? [] : [["filename", filename]],
    ),
  };
  const id = idOf(attachment);
  if (id !== null) headers["Content-ID"] = foldTokens("Content-ID", [id]);
  return { headers, body };
}

/** Readers run inline text and messages together with the body (RFC 2183 §2.1), where their file name is lost. */
function dispositionOf(attachment: OutgoingAttachment, { type }: MediaType): "attachment" | "inline" {
  return /^(?:text|message|multipart)\//.test(type) ? "attachment" : attachment.disposition;
}

function idOf({ content_id }: OutgoingAttachment): string | null {
  return content_id === undefined ? null : formatMessageId(content_id);
}

/**
 * RFC 2045 §6.4 forbids base64 on message/* and multipart/*. A message goes as it is, 7bit or 8bit. One that cannot (a
 * NUL, a bare LF, a line over 998 octets), and any multipart, which would need its own boundary parameter to be true,
 * becomes an octet stream in base64: the same octets arrive, and only the preview is lost.
 */
function encodeContent(content: Uint8Array, claimed: MediaType): MediaType & { body: EncodedBody } {
  if (/^(?:message|multipart)\//.test(claimed.type)) {
    const body = claimed.type.startsWith("message/") ? encodeIdentity(content) : null;
    return body === null ? { ...OCTET_STREAM, body: encodeBinary(content) } : { ...claimed, body };
  }
  return { ...withCharset(claimed, content), body: encodeBinary(content) };
}

/** Text without a charset is US-ASCII (RFC 2046 §4.1.2). A file that is UTF-8 says so, or its accents arrive broken. */
function withCharset(claimed: MediaType, content: Uint8Array): MediaType {
  const isSilent = claimed.type.startsWith("text/") && !claimed.parameters.some(([name]) => name === "charset");
  if (!isSilent || !isEightBit(content) || !isUtf8(content)) return claimed;
  return { ...claimed, parameters: [...claimed.parameters, ["charset", "utf-8"]] };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
