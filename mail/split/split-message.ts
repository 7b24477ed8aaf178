/**
 * Takes the large attachments out of a message, so that each can be stored once for everybody who has it. What is left
 * is the skeleton; joining gives the very same bytes, which is proved for every message before anybody relies on it.
 *
 * Base64 is taken out decoded where it can be described exactly, so that one file sent by two mailers is one file.
 * Everything else (odd base64, quoted-printable, 8-bit, binary, messages in messages) is taken out as it stands.
 */
import type { Skeleton, SplitPart } from "../../contract/split-manifest.ts";
import { concatBytes } from "../compose/bytes.ts";
import { sha256Hex } from "../fingerprint.ts";
import { sortContents } from "../parse/contents.ts";
import { type Part, readStructure } from "../parse/structure.ts";
import { decodeBody } from "../parse/transfer-encoding.ts";
import { describeBase64 } from "./base64-layout.ts";
import { joinMessage } from "./join-message.ts";

export interface SplitLimits {
  /** An attachment with less content stays in the message. */
  min_content: number;
  /** Of those that are taken out, the largest. */
  max_parts: number;
  /** A message of which more would be left is not split. */
  max_skeleton: number;
}

export interface Split extends Skeleton {
  /**
   * The parts' bytes by their hash: the same file twice in a message is there once. What was attached by its hash alone
   * is stored already, and not in here.
   */
  contents: Map<string, Uint8Array<ArrayBuffer>>;
}

/** A body in the message. */
interface Body {
  part: Part;
  attachment: number;
  size: number;
}

/** Null: there is nothing to take out, or it could not be put back. */
export async function splitMessage(bytes: Uint8Array<ArrayBuffer>, limits: SplitLimits): Promise<Split | null> {
  const bodies = largeBodies(bytes, limits);
  const left = bytes.length - bodies.reduce((sum, { size }) => sum + size, 0);
  if (bodies.length === 0 || left > limits.max_skeleton) return null;
  const split = await takeOut(bytes, bodies);
  if (split.skeleton.length > limits.max_skeleton) return null;
  return (await givesBack(split, bytes)) ? split : null;
}

/** In the order of the message. Attachments are leaves of its structure: none is inside another. */
function largeBodies(bytes: Uint8Array, { min_content, max_parts }: SplitLimits): Body[] {
  if (bytes.length < min_content) return [];
  return sortContents(readStructure(bytes).root)
    .attached.map(({ part }, attachment) => ({ part, attachment, size: part.bodyEnd - part.bodyStart }))
    .filter(({ part, size }) => size > 0 && (part.encoding === "base64" ? size * 0.75 : size) >= min_content)
    .sort((a, b) => b.size - a.size)
    .slice(0, max_parts)
    .sort((a, b) => a.part.bodyStart - b.part.bodyStart);
}

async function takeOut(bytes: Uint8Array<ArrayBuffer>, bodies: Body[]): Promise<Split> {
  const contents: Split["contents"] = new Map();
  const parts: SplitPart[] = [];
  const left: Uint8Array[] = [];
  let at = 0;
  let from = 0;
  for (const body of bodies) {
    const taken = takenFrom(bytes, body);
    const sha256 = await sha256Hex(taken.content);
    left.push(bytes.subarray(from, taken.from));
    at += taken.from - from;
    from = taken.to;
    contents.set(sha256, taken.content);
    parts.push({ at, sha256, size: taken.content.length, base64: taken.base64, attachment: taken.attachment });
  }
  left.push(bytes.subarray(from));
  return { manifest: { version: 1, size: bytes.length, parts }, skeleton: concatBytes(left), contents };
}

interface Taken extends Pick<SplitPart, "base64" | "attachment"> {
  from: number;
  to: number;
  content: Uint8Array<ArrayBuffer>;
}

function takenFrom(bytes: Uint8Array<ArrayBuffer>, { part, attachment }: Body): Taken {
  const { bodyStart, bodyEnd, encoding } = part;
  const run = encoding === "base64" ? describeBase64(bytes.subarray(bodyStart, bodyEnd)) : null;
  if (run === null) {
    const content = bytes.slice(bodyStart, bodyEnd);
    const isContent = encoding === "identity";
    return { from: bodyStart, to: bodyEnd, content, base64: null, attachment: isContent ? attachment : null };
  }
  const [from, to] = [bodyStart + run.from, bodyStart + run.to];
  const content = new Uint8Array(decodeBody(bytes.subarray(from, to), "base64"));
  return { from, to, content, base64: run.layout, attachment };
}

/** The proof. That joining ends in an error is an answer here too: the message is not split then. */
async function givesBack(split: Split, bytes: Uint8Array): Promise<boolean> {
  const contentOf = ({ sha256 }: SplitPart) => [split.contents.get(sha256) ?? new Uint8Array()];
  let at = 0;
  try {
    for await (const chunk of joinMessage(split, contentOf)) {
      for (let n = 0; n < chunk.length; n++) if (chunk[n] !== bytes[at + n]) return false;
      at += chunk.length;
    }
  } catch {
    return false;
  }
  return at === bytes.length;
}

/** A message that is all one part: what is large and cannot be split is shared as a whole. */
export async function asOnePart(bytes: Uint8Array<ArrayBuffer>): Promise<Split> {
  const sha256 = await sha256Hex(bytes);
  const part = { at: 0, sha256, size: bytes.length, base64: null, attachment: null };
  return {
    manifest: { version: 1, size: bytes.length, parts: [part] },
    skeleton: new Uint8Array(),
    contents: new Map([[sha256, bytes]]),
  };
}

/** The same message with more in front of it: a field that a relay adds. */
export function prefixed({ manifest, skeleton, contents }: Split, head: Uint8Array): Split {
  const parts = manifest.parts.map((part) => ({ ...part, at: part.at + head.length }));
  return {
    manifest: { ...manifest, size: manifest.size + head.length, parts },
    skeleton: concatBytes([head, skeleton]),
    contents,
  };
}
