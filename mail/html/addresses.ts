/**
 * Where links and images of a message may lead. Each address is read as browsers read it (WHATWG URL), and written anew:
 * what is given out has no tabs, no backslashes and no other spelling for a browser to understand in its own way.
 */

/** A link may be long, an image's address goes through the proxy: see workers/outside/public-url.ts. */
const MAX_LINK_CHARACTERS = 32 * 1024;
const MAX_IMAGE_CHARACTERS = 8 * 1024;

const LINKS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** An absolute address to follow, or null. */
export function safeLink(text: string, base: URL | null): string | null {
  if (text.length > MAX_LINK_CHARACTERS) return null;
  const url = parseAbsolute(text, base);
  return url !== null && LINKS.has(url.protocol) ? url.href : null;
}

/** A web address, or null. */
export function parseWeb(text: string, base: URL | null): URL | null {
  const url = parseAbsolute(text, base);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.host !== "" ? url : null;
}

/** RFC 3986 §4.2: an address without a scheme means the page that it stands on, which a message is not. */
const parseAbsolute = (text: string, base: URL | null): URL | null =>
  URL.parse(text, base ?? (text.trimStart().startsWith("//") ? "https://mail.invalid/" : undefined));

/** What a picture may be shown from. */
export type ImageAddress =
  /** A part of the message itself (RFC 2392 §2), or bytes that stand in the HTML. */
  { kind: "inside"; address: string } | { kind: "remote"; address: string };

/** Marks an address that nothing is loaded from until its reader says so. A browser finds no image in it. */
export const REMOTE_MARK = "data:text/x-remote-image,";

/** Formats that are only pictures. SVG can do more. */
const INLINE_BYTES = /^data:image\/(?:png|gif|jpe?g|webp|avif|bmp|x-icon);base64,([a-z\d+/\s]*={0,2})\s*$/i;
const INLINE_TYPE = /^data:(image\/[a-z-]+)/i;

/** Always without what could end a string, a `url()` or an attribute. */
export function imageAddress(text: string, base: URL | null): ImageAddress | null {
  const trimmed = text.trim();
  if (/^cid:/i.test(trimmed)) {
    const id = encodeLoose(trimmed.slice(4));
    return id === "" || id.length > MAX_IMAGE_CHARACTERS ? null : { kind: "inside", address: `cid:${id}` };
  }
  if (trimmed.startsWith(REMOTE_MARK)) return remote(trimmed.slice(REMOTE_MARK.length), null);
  if (/^data:/i.test(trimmed)) {
    const [, bytes] = INLINE_BYTES.exec(trimmed) ?? [];
    const [, type = ""] = INLINE_TYPE.exec(trimmed) ?? [];
    if (bytes === undefined) return null;
    return { kind: "inside", address: `data:${type.toLowerCase()};base64,${bytes.replaceAll(/\s/g, "")}` };
  }
  return remote(trimmed, base);
}

function remote(text: string, base: URL | null): ImageAddress | null {
  const url = text.length > MAX_IMAGE_CHARACTERS ? null : parseWeb(text, base);
  if (url === null) return null;
  url.hash = "";
  const address = encodeLoose(url.href);
  return address.length > MAX_IMAGE_CHARACTERS ? null : { kind: "remote", address };
}

/** Percent-encodes what the URL parser leaves as it is. A second time changes nothing. */
const encodeLoose = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\w\-.~!$&*+,;=:@/?#[\]%|^{}]/gu, (character) =>
      /['()]/.test(character)
        ? `%${character.charCodeAt(0).toString(16).toUpperCase()}`
        : encodeURIComponent(character),
    );
