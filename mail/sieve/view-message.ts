/** A whole message as scripts see it, from its bytes. */
import { readBodyText } from "../parse/body-text.ts";
import { bytesAsString, decodeText } from "../parse/charset.ts";
import { sortContents } from "../parse/contents.ts";
import { type Part, readStructure } from "../parse/structure.ts";
import { decodeBody } from "../parse/transfer-encoding.ts";
import { viewHeader } from "./header-view.ts";
import { type BodyPart, type MessageView, once } from "./message-view.ts";

/** Bytes of a body that tests look at: what lies beyond is no text that a person wrote. */
const MAX_BODY = 1024 * 1024;

export function viewMessage(bytes: Uint8Array, envelope: MessageView["envelope"]): MessageView {
  const { root } = readStructure(bytes);
  const body = bytes.subarray(root.bodyStart);
  return {
    ...viewHeader(bytes.subarray(0, root.bodyStart)),
    envelope,
    size: bytes.length,
    rawBody: once(() => bytesAsString(body.subarray(0, MAX_BODY))),
    text: once(() => readBodyText(bytes, sortContents(root).passages).text),
    bodyParts: once(() => textParts(bytes, root)),
  };
}

function textParts(bytes: Uint8Array, root: Part): BodyPart[] {
  const found: BodyPart[] = [];
  let left = MAX_BODY;
  const visit = (part: Part): void => {
    for (const child of part.parts) visit(child);
    if (part.parts.length > 0 || !part.type.value.startsWith("text/") || left <= 0) return;
    const encoded = bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + left));
    const text = decodeText(decodeBody(encoded, part.encoding), part.type.parameters.get("charset") ?? null);
    found.push({ type: part.type.value, text });
    left -= encoded.length;
  };
  visit(root);
  return found;
}
