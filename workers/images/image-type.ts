/** What picture some bytes begin, whatever their server calls them. SVG is a document, and is none of these. */

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Enough to tell. */
const MAGIC_BYTES = 32;

export function imageType(bytes: Uint8Array): string | null {
  const head = latin1(bytes.subarray(0, MAGIC_BYTES));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.startsWith("WEBPVP8", 8)) return "image/webp";
  // ISO 14496-12 §4.3: the brands that a file is one of.
  if (head.startsWith("ftyp", 4) && /avif|avis/.test(head.slice(8))) return "image/avif";
  if (head.startsWith("BM") && head.startsWith("\0\0\0\0", 6)) return "image/bmp";
  if (head.startsWith("\0\0\x01\0") && head.charCodeAt(4) > 0 && head.startsWith("\0", 5)) return "image/x-icon";
  return null;
}
