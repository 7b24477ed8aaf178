/** A message that was split, put together again: piece by piece, so that it is never held as a whole. */
import type { Skeleton, SplitPart } from "../../contract/split-manifest.ts";
import { type Chunks, encodeBase64 } from "./base64-layout.ts";

/** Gives a part's stored bytes; asked for each part when its turn comes. */
export type ReadPart = (part: SplitPart) => Promise<Chunks> | Chunks;

/** The very bytes that were split. Throws rather than give others, where a part is not what the manifest says. */
export async function* joinMessage({ manifest, skeleton }: Skeleton, read: ReadPart): AsyncGenerator<Uint8Array> {
  let from = 0;
  let given = 0;
  for (const part of manifest.parts) {
    if (part.at > from) yield skeleton.subarray(from, part.at);
    given += part.at - from;
    from = part.at;
    const content = counted(await read(part), part);
    for await (const chunk of part.base64 === null ? content : encodeBase64(content, part.base64)) {
      given += chunk.length;
      yield chunk;
    }
  }
  if (from < skeleton.length) yield skeleton.subarray(from);
  given += skeleton.length - from;
  if (given !== manifest.size) throw new Error(`${given} bytes joined, ${manifest.size} were split`);
}

/** The same, held as a whole: for what has to be parsed or sent again. */
export async function joinWhole(split: Skeleton, read: ReadPart): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(split.manifest.size);
  let at = 0;
  for await (const chunk of joinMessage(split, read)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function* counted(content: Chunks, { sha256, size }: SplitPart): AsyncGenerator<Uint8Array> {
  let given = 0;
  for await (const chunk of content) {
    given += chunk.length;
    yield chunk;
  }
  if (given !== size) throw new Error(`part ${sha256} has ${given} bytes, not ${size}`);
}
