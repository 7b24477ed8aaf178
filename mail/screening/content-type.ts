/** What a file is by its content, beside what its name and its label say. */
import { fileTypeFromBuffer } from "file-type";
import { programKind } from "./file-bytes.ts";
import { extensionOf } from "./file-name.ts";

/** As much as the library looks at for most types. */
export const TYPE_BYTES = 4100;

/** The media type of what begins so; null where that is not known, as for plain text. */
export async function detectType(head: Uint8Array): Promise<string | null> {
  const page = pageType(head);
  if (page !== null) return page;
  try {
    // A copy: the library reads from the buffer that a view lies in.
    const type = (await fileTypeFromBuffer(head.slice(0, TYPE_BYTES)))?.mime ?? null;
    // Two letters make a program of anything, to the library.
    return type === "application/x-msdownload" && programKind(head) === null ? null : type;
  } catch {
    // It answers damaged files with errors of many kinds, and they all mean that it does not know.
    return null;
  }
}

/** No magic number begins a page; these words do, behind a byte order mark and white space. */
function pageType(head: Uint8Array): string | null {
  const text = pageText(head.subarray(0, 2048)).trimStart();
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*(?:<!doctype svg|<svg\b)/i.test(text)) return "image/svg+xml";
  return /^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|script)\b/i.test(text) ? "text/html" : null;
}

/** As browsers read a page, whatever it is called: its byte order mark goes before all else (HTML §13.2.3.1). */
export function pageText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** What a reader takes a file for, and which of these may do harm under another one's name. Programs: file-bytes.ts. */
type Kind = "image" | "sound" | "film" | "text" | "page" | "pdf" | "document" | "archive";
const HARMFUL = new Set<Kind>(["page", "document", "archive"]);

const KINDS: [kind: Kind, types: RegExp][] = [
  ["page", /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/],
  ["image", /^image\//],
  ["sound", /^audio\//],
  ["film", /^video\//],
  ["text", /^(?:text\/|message\/|application\/(?:json|xml|rtf|ics)$)/],
  ["pdf", /^application\/pdf$/],
  ["document", /msword|ms-excel|ms-powerpoint|vnd\.openxmlformats|vnd\.oasis|x-cfb|macroenabled/i],
  ["archive", /^application\/(?:x-)?(?:zip|rar|7z|rar-compressed|7z-compressed|gzip|tar|gtar|bzip2|xz|lz4|zstd|cab)/],
];
const EXTENSIONS: [kind: Kind, extensions: string][] = [
  ["page", "htm html shtml xhtml svg"],
  ["image", "png jpg jpeg jpe gif bmp webp tif tiff heic avif ico"],
  ["sound", "mp3 wav ogg flac m4a aac"],
  ["film", "mp4 mov avi mkv webm mpg mpeg wmv"],
  ["text", "txt csv tsv ics vcf md rtf eml"],
  ["pdf", "pdf"],
  ["document", "doc dot docx docm xls xlsx xlsm ppt pps pptx odt ods odp"],
  ["archive", "zip rar 7z gz tgz tar bz2 xz"],
];

const kindOfType = (type: string): Kind | null => KINDS.find(([, types]) => types.test(type))?.[0] ?? null;
const kindOfName = (extension: string): Kind | null =>
  EXTENSIONS.find(([, extensions]) => extensions.split(" ").includes(extension))?.[0] ?? null;

/**
 * Whether a file pretends to be something milder than it is. A name counts more than a label: it is what a reader's
 * system goes by. A photo that is called by another format of photos deceives nobody.
 */
export function pretends(said: { filename: string; content_type: string }, detected: string): boolean {
  const pretended = kindOfName(extensionOf(said.filename)) ?? kindOfType(said.content_type);
  const real = kindOfType(detected);
  if (pretended === null || real === null || pretended === real || !HARMFUL.has(real)) return false;
  // The documents of today are zips, and tables are handed out as pages that call themselves `.xls`.
  if (pretended === "document") return real === "archive" && detected !== "application/zip";
  return !(pretended === "text" && real === "page");
}

export const isPage = (file: { filename: string; content_type: string }, detected: string | null): boolean =>
  kindOfName(extensionOf(file.filename)) === "page" ||
  kindOfType(file.content_type) === "page" ||
  (detected !== null && kindOfType(detected) === "page");
