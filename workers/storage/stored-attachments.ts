/**
 * Attachments that are named rather than sent, as composing takes them: the hash of a file that is stored, or, where a
 * message has it only in itself, its bytes. Of a message the skeleton is read, and of a large file nothing.
 */

import { blobKey, parseRawLocation } from "../../contract/r2-keys.ts";
import type { Skeleton } from "../../contract/split-manifest.ts";
import type { FoundAttachment } from "../../durable-objects/mailbox/attached.ts";
import { concatBytes, isEightBit, isTransparent } from "../../mail/compose/bytes.ts";
import type { EnclosedMessage, OutgoingAttachment, StoredFile } from "../../mail/compose/compose-message.ts";
import { contentForm } from "../../mail/compose/content-form.ts";
import type { Piece } from "../../mail/compose/pieces.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import { describeAttached } from "../../mail/parse/attached-part.ts";
import { readAttachment } from "../../mail/parse/parse-message.ts";
import { layoutSample } from "../../mail/split/base64-layout.ts";
import type { Env } from "../env.ts";
import { MIN_SHARED_BYTES, readRaw } from "./raw-messages.ts";
import { NoBytes, openSplit, requireObject } from "./split-parts.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A message that attachments are taken from: its skeleton, or where it has none of its own all of its bytes. */
interface Source {
  raw_key: string;
  bytes: Bytes;
  split: Skeleton | null;
}

/** Opens each message once, however many of its attachments are wanted. */
export class StoredAttachments {
  readonly #env: Env;
  readonly #sources = new Map<string, Promise<Source>>();

  constructor(env: Env) {
    this.#env = env;
  }

  async open(found: FoundAttachment): Promise<OutgoingAttachment> {
    if (found.kind === "upload") {
      const { filename, content_type, sha256, size, form } = found;
      return { filename, content_type, content: { sha256, size, form, content: null }, disposition: "attachment" };
    }
    const source = await this.#source(found.raw_key);
    if (found.kind === "message") return this.#enclosed(source, found.subject);
    const { n, filename, content_id, disposition } = found.info;
    const part = describeAttached(source.bytes, n);
    // The Mailbox has it from these very bytes.
    if (part === null) throw new Error(`${found.raw_key} has no attachment ${n}`);
    return {
      filename,
      content_type: part.content_type || found.info.content_type,
      content: await this.#contentOf(source, n, part.body_start, part.body_end),
      disposition: part.is_alternative ? "alternative" : disposition,
      ...(content_id === null ? {} : { content_id }),
    };
  }

  #source(raw_key: string): Promise<Source> {
    const known = this.#sources.get(raw_key) ?? openSource(this.#env, raw_key);
    this.#sources.set(raw_key, known);
    return known;
  }

  async #contentOf({ raw_key, bytes, split }: Source, n: number, start: number, end: number) {
    const stored = split?.manifest.parts.find(({ attachment }) => attachment === n);
    if (stored !== undefined) return { sha256: stored.sha256, size: stored.size, form: null, content: null };
    const isElsewhere = split?.manifest.parts.some(({ at }) => at >= start && at <= end) ?? false;
    const attachment = await readAttachment(isElsewhere ? await readRaw(this.#env, raw_key) : bytes, n);
    return fileOf(new Uint8Array(attachment?.content ?? []));
  }

  /** Without the fields that this mesh put in front: one of them may be the Bcc of the sender's own copy. */
  async #enclosed({ raw_key, bytes, split }: Source, subject: string): Promise<OutgoingAttachment> {
    const name = subject.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, " ").trim();
    return {
      filename: `${[...name].slice(0, 100).join("") || "message"}.eml`,
      content_type: "message/rfc822",
      content:
        (split && (await encloseSplit(this.#env, split))) ??
        (await fileOf(split ? await readRaw(this.#env, raw_key) : bytes)),
      disposition: "attachment",
    };
  }
}

async function openSource(env: Env, raw_key: string): Promise<Source> {
  const { kind, key } = parseRawLocation(raw_key);
  const split = kind === "split" ? await openSplit(env, key) : null;
  if (kind === "split" && split === null) throw new NoBytes(key);
  // A message that is one part as a whole has no skeleton that would say anything.
  if (split === null || split.skeleton.byteLength === 0)
    return { raw_key, bytes: await readRaw(env, raw_key), split: null };
  return { raw_key, bytes: split.skeleton, split };
}

/** Null: the message is not fit to travel as it is (RFC 2046 §5.2.1). */
async function encloseSplit(env: Env, { manifest, skeleton }: Skeleton): Promise<EnclosedMessage | null> {
  const pieces: Piece[] = [];
  /** What every octet of the message looks like, with a few for each file that is in base64. */
  const looks: Uint8Array[] = [];
  let from = 0;
  for (const { at, sha256, size, base64 } of manifest.parts) {
    const before = skeleton.subarray(from, at);
    pieces.push(before, { sha256, size, base64, content: null });
    looks.push(before, base64 === null ? await readBlob(env, sha256) : layoutSample(size, base64));
    from = at;
  }
  pieces.push(skeleton.subarray(from));
  looks.push(skeleton.subarray(from));
  const look = concatBytes(looks);
  return isTransparent(look) ? { pieces, is_eight_bit: isEightBit(look) } : null;
}

/** What is shared from its size on is named; the rest is bytes of the message that is written. */
export async function fileOf(content: Bytes): Promise<Bytes | StoredFile> {
  if (content.byteLength < MIN_SHARED_BYTES) return content;
  return { sha256: await sha256Hex(content), size: content.byteLength, form: contentForm(content), content };
}

export const readBlob = async (env: Env, sha256: string): Promise<Bytes> =>
  new Uint8Array(await (await requireObject(env, blobKey(sha256))).arrayBuffer());
