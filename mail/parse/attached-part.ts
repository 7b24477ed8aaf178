/** How an attachment was described in its message, so that it can be attached to another one just so. */

import { sortContents } from "./contents.ts";
import { fieldText } from "./fields.ts";
import { type Part, readStructure } from "./structure.ts";

export interface AttachedPart {
  /** The Content-Type field as it came, parameters and all; empty where there was none. */
  content_type: string;
  /** One of several forms of the same text (RFC 2046 §5.1.4), such as the invitation beside its description. */
  is_alternative: boolean;
  body_start: number;
  body_end: number;
}

/** `bytes` may be the skeleton of a message: its parts have the same numbers. */
export function describeAttached(bytes: Uint8Array, n: number): AttachedPart | null {
  const { root } = readStructure(bytes);
  const part = sortContents(root).attached[n]?.part;
  if (part === undefined) return null;
  return {
    content_type: fieldText(part.fields, "content-type") ?? "",
    is_alternative: parentOf(root, part)?.type.value === "multipart/alternative",
    body_start: part.bodyStart,
    body_end: part.bodyEnd,
  };
}

function parentOf(root: Part, wanted: Part): Part | null {
  const open = [root];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.parts.includes(wanted)) return part;
    open.push(...part.parts);
  }
  return null;
}
