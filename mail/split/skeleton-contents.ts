/**
 * What the attachments of a message are, told by its skeleton alone: the headers of its parts are in it, and the
 * manifest says how long the bodies are that are not.
 */
import type { Skeleton, SplitPart } from "../../contract/split-manifest.ts";
import { sortContents } from "../parse/contents.ts";
import { type ParsedMessage, parseMessage } from "../parse/parse-message.ts";
import { type Part, readStructure } from "../parse/structure.ts";
import { encodedSize } from "./base64-layout.ts";

/** The same as reading the whole message gives, where nothing but bodies of attachments was taken out. */
export async function parseSkeleton({ manifest, skeleton }: Skeleton): Promise<ParsedMessage> {
  const parsed = await parseMessage(skeleton);
  const parts = attachedParts(skeleton);
  const attachments = parsed.attachments.map((info) => {
    const part = parts[info.n];
    const taken = part === undefined ? [] : manifest.parts.filter(({ at }) => isIn(part, at));
    // What is decoded was the whole body; what stands in a message that is attached as it is was only some of it.
    const sizes = part?.encoding === "base64" ? taken.map(({ size }) => size) : taken.map(standingSize);
    return { ...info, size: sizes.reduce((sum, size) => sum + size, info.size) };
  });
  return { ...parsed, attachments };
}

/** For each place where something was taken out: the number of the attachment whose whole body it was, or null. */
export function attachmentsAt(skeleton: Uint8Array, places: readonly number[]): (number | null)[] {
  const numbers = new Map(
    attachedParts(skeleton).flatMap((part, n) =>
      part.bodyStart === part.bodyEnd ? [[part.bodyStart, n] as const] : [],
    ),
  );
  return places.map((at) => numbers.get(at) ?? null);
}

const attachedParts = (bytes: Uint8Array): Part[] =>
  sortContents(readStructure(bytes).root).attached.map(({ part }) => part);

const isIn = ({ bodyStart, bodyEnd }: Part, at: number): boolean => at >= bodyStart && at <= bodyEnd;

const standingSize = ({ size, base64 }: SplitPart): number => (base64 === null ? size : encodedSize(size, base64));
