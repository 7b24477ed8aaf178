/** A message opened for reading reports: its header, and its leaves as text. Bounded, whatever their size. */
import { decodeText } from "../parse/charset.ts";
import { parameterText } from "../parse/parameters.ts";
import { type Part, readStructure } from "../parse/structure.ts";
import { decodeBody } from "../parse/transfer-encoding.ts";
import { htmlToText } from "../text/html-to-text.ts";
import { type FieldLine, readFieldGroups } from "./field-lines.ts";

export interface Leaf {
  /** Such as `message/delivery-status`. */
  type: string;
  /** The beginning of its text. */
  text: string;
}

export interface OpenedMessage {
  header: FieldLine[];
  type: string;
  /** The `report-type` parameter (RFC 6522 §3). */
  report_type: string | null;
  /** Not multiparts, in their order. A message inside the message is a leaf, and nothing within it is looked at. */
  leaves: Leaf[];
}

const MAX_HEADER_BYTES = 128 * 1024;
/** A thousand recipients in a delivery-status part need about 400 kB. */
const MAX_LEAF_BYTES = 512 * 1024;
const MAX_LEAVES = 20;

export function openMessage(bytes: Uint8Array): OpenedMessage {
  const { root } = readStructure(bytes);
  return {
    header: headerOf(decodeText(bytes.subarray(0, Math.min(root.bodyStart, MAX_HEADER_BYTES)), null)),
    type: root.type.value,
    report_type: parameterText(root.type.parameters, "report-type")?.trim().toLowerCase() ?? null,
    leaves: leavesOf(root).map((part) => ({ type: part.type.value, text: textOf(bytes, part) })),
  };
}

/** The fields of a header that stands at the beginning of a text. */
export const headerOf = (text: string): FieldLine[] => readFieldGroups(text, 1)[0] ?? [];

function leavesOf(root: Part): Part[] {
  const leaves: Part[] = [];
  const waiting = [root];
  for (let part = waiting.pop(); part !== undefined && leaves.length < MAX_LEAVES; part = waiting.pop()) {
    if (part.parts.length === 0) leaves.push(part);
    else waiting.push(...part.parts.toReversed());
  }
  return leaves;
}

function textOf(bytes: Uint8Array, { bodyStart, bodyEnd, encoding, type }: Part): string {
  const encoded = bytes.subarray(bodyStart, Math.min(bodyEnd, bodyStart + MAX_LEAF_BYTES));
  return decodeText(decodeBody(encoded, encoding), parameterText(type.parameters, "charset"));
}

/** What a person reads first. */
export function wordsOf({ leaves }: OpenedMessage): string {
  const plain = leaves.find(({ type }) => type === "text/plain");
  if (plain) return plain.text;
  const html = leaves.find(({ type }) => type === "text/html");
  return html ? htmlToText(html.text) : "";
}
