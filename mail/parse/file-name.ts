/**
 * A file name from a stranger, made safe to show, to save and to send in a header: one path segment, nothing invisible,
 * never empty, at most 255 bytes. It is a name for people, never a path for us.
 */

/** What the common file systems take (NAME_MAX). */
const MAX_BYTES = 255;

/** Control and format characters: among them the bidi overrides that make `exe.fdp` out of `pdf.exe` (UAX 9). */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

const EXTENSIONS: Record<string, string> = {
  "application/gzip": "gz",
  "application/ics": "ics",
  "application/json": "json",
  "application/ld+json": "json",
  "application/msword": "doc",
  "application/ms-tnef": "dat",
  "application/octet-stream": "bin",
  "application/pdf": "pdf",
  "application/pgp-encrypted": "asc",
  "application/pgp-keys": "asc",
  "application/pgp-signature": "asc",
  "application/pkcs7-mime": "p7m",
  "application/pkcs7-signature": "p7s",
  "application/rtf": "rtf",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/x-pkcs7-mime": "p7m",
  "application/x-pkcs7-signature": "p7s",
  "application/xml": "xml",
  "application/zip": "zip",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/tiff": "tif",
  "image/webp": "webp",
  "message/delivery-status": "txt",
  "message/disposition-notification": "txt",
  "message/feedback-report": "txt",
  "message/global": "eml",
  "message/rfc822": "eml",
  "text/calendar": "ics",
  "text/csv": "csv",
  "text/html": "html",
  "text/plain": "txt",
  "text/rfc822-headers": "txt",
  "text/vcard": "vcf",
  "text/x-amp-html": "html",
  "text/x-vcard": "vcf",
  "text/xml": "xml",
  "video/mp4": "mp4",
  "video/quicktime": "mov",
};

/** The name that the sender gave, or one made from the attachment's number and type. */
export function safeFileName(given: string | null, n: number, contentType: string): string {
  const segments = (given ?? "").slice(0, 4096).normalize("NFC").split(/[/\\]/);
  // The last segment that says anything: a name may end in a slash.
  for (const segment of segments.reverse()) {
    const name = segment.replace(INVISIBLE, "").replace(/\s+/gu, " ").trim();
    if (!/^[. ]*$/u.test(name)) return cutToBytes(name);
  }
  return `attachment-${n + 1}.${EXTENSIONS[contentType] ?? "bin"}`;
}

/** Cuts in the middle, so that the extension stays and says what the file is. */
function cutToBytes(name: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= MAX_BYTES) return name;
  const extension = /\.[^.\s]{1,16}$/u.exec(name)?.[0] ?? "";
  let left = MAX_BYTES - encoder.encode(extension).length;
  let stem = "";
  for (const character of name.slice(0, name.length - extension.length)) {
    left -= encoder.encode(character).length;
    if (left < 0) break;
    stem += character;
  }
  return stem.trimEnd() + extension;
}
