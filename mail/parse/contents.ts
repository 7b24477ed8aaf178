/** Sorts the parts of a message into what is read and what is attached. Every part is one or the other. */

import type { Passage } from "./body-text.ts";
import { fieldText, fieldTexts } from "./fields.ts";
import { safeFileName } from "./file-name.ts";
import { cleanText, decodeHeaderText } from "./header-text.ts";
import { parameterText, parseParameterField } from "./parameters.ts";
import type { AttachmentInfo } from "./parsed-message.ts";
import type { Part } from "./structure.ts";
import { decodedSize } from "./transfer-encoding.ts";

export interface AttachedPart {
  part: Part;
  isRelated: boolean;
}

export interface Contents {
  passages: Passage[];
  attached: AttachedPart[];
}

export function sortContents(root: Part): Contents {
  const contents: Contents = { passages: [], attached: [] };
  visit(contents, root, null, false);
  return contents;
}

function visit(contents: Contents, part: Part, alternative: Passage | null, isRelated: boolean): void {
  const { value } = part.type;
  if (part.parts.length > 0) {
    let inside = alternative;
    if (value === "multipart/alternative" && inside === null) {
      inside = { plain: [], html: [] };
      contents.passages.push(inside);
    }
    for (const child of part.parts) visit(contents, child, inside, isRelated || value === "multipart/related");
    return;
  }
  const isFile = alternative === null && contents.passages.length > 0 && hasFileName(part);
  if (isFile || !isReadHere(part, value)) {
    contents.attached.push({ part, isRelated });
    return;
  }
  const passage = alternative ?? { plain: [], html: [] };
  if (alternative === null) contents.passages.push(passage);
  (value === "text/html" ? passage.html : passage.plain).push(part);
}

/** A multipart in which no part was found is a text of which the label is wrong: the words are what counts. */
function isReadHere(part: Part, type: string): boolean {
  if (dispositionOf(part).value === "attachment") return false;
  return type === "text/plain" || type === "text/html" || type === "text" || type.startsWith("multipart/");
}

/**
 * A text with a name, after another text, is a patch or a log that its sender's mailer called `inline`. Shown in the
 * message it would lose its name, its bytes and its end.
 */
function hasFileName(part: Part): boolean {
  return Boolean(parameterText(dispositionOf(part).parameters, "filename"));
}

function dispositionOf(part: Part) {
  return parseParameterField(fieldText(part.fields, "content-disposition") ?? "");
}

/** What a list of attachments says of one. `cids` are the Content-IDs that the HTML refers to. */
export function describeAttachment(
  bytes: Uint8Array,
  { part, isRelated }: AttachedPart,
  n: number,
  cids: ReadonlySet<string>,
): AttachmentInfo {
  const contentType = cleanContentType(part.type.value);
  const contentId = cleanText(fieldText(part.fields, "content-id") ?? "", 998).replace(/^<|>$/g, "") || null;
  return {
    n,
    filename: safeFileName(givenFileName(part), n, contentType),
    content_type: contentType,
    size: decodedSize(bytes.subarray(part.bodyStart, part.bodyEnd), part.encoding),
    content_id: contentId,
    disposition: isShownInline(part, contentType, contentId, isRelated, cids) ? "inline" : "attachment",
  };
}

/** RFC 2183 §2.8: a disposition that nobody knows is `attachment`. Without one, what the HTML shows is not a file. */
function isShownInline(
  part: Part,
  contentType: string,
  contentId: string | null,
  isRelated: boolean,
  cids: ReadonlySet<string>,
): boolean {
  const disposition = dispositionOf(part).value;
  if (disposition !== "") return disposition === "inline";
  // A third alternative for one mail service, not something that anyone attached.
  if (contentType === "text/x-amp-html") return true;
  return contentId !== null && (isRelated || cids.has(contentId));
}

/** The Content-IDs in `cid:` links (RFC 2392) of the HTML. */
export function citedContentIds(html: string): Set<string> {
  const cited = new Set<string>();
  for (const match of html.matchAll(/\bcid:([^"'\s<>)]{1,998})/gi)) {
    const id = match[1] ?? "";
    cited.add(id);
    if (id.includes("%")) cited.add(decodePercent(id));
  }
  return cited;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 2183 §2.3 before the older `name` of RFC 1341 §4. Encoded-words do not belong there (RFC 2047 §5) and are common. */
export function givenFileName(part: Part): string | null {
  const charset = part.type.parameters.get("charset") ?? null;
  const fields: [field: string, parameter: string][] = [
    ["content-disposition", "filename"],
    ["content-type", "name"],
  ];
  for (const [field, parameter] of fields) {
    const [value] = fieldTexts(part.fields, field, charset);
    const name = value === undefined ? null : parameterText(parseParameterField(value).parameters, parameter);
    if (name) return name.includes("=?") ? decodeHeaderText(name) : name;
  }
  return null;
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** RFC 6838 §4.2. What is no media type goes into a Content-Type header of ours as bytes of an unknown kind. */
function cleanContentType(value: string): string {
  return MEDIA_TYPE.test(value) ? value : "application/octet-stream";
}

/** The charset of the first text, by which raw 8-bit header text is read when it is not UTF-8. */
export function charsetHint(root: Part): string | null {
  const own = root.type.parameters.get("charset");
  if (own !== undefined) return own;
  for (const part of root.parts) {
    const hint = charsetHint(part);
    if (hint !== null) return hint;
  }
  return null;
}
