/**
 * Screens one attachment of a message that leaves, wherever its bytes are. Of a stored file the first bytes are read,
 * and all of it only where there are files in it; one file at a time, so that no more than one is held.
 */
import { blobKey } from "../../contract/r2-keys.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import type { EnclosedMessage, OutgoingAttachment } from "../../mail/compose/compose-message.ts";
import { isOctets, isStored, type StoredPiece } from "../../mail/compose/pieces.ts";
import { decodeBody } from "../../mail/parse/transfer-encoding.ts";
import {
  type FileInMessage,
  filesOf,
  holdsFiles,
  type NamedFile,
  screenFile,
  screenHead,
} from "../../mail/screening/file.ts";
import { HEAD_BYTES } from "../../mail/screening/file-bytes.ts";
import type { Findings } from "../../mail/screening/findings.ts";
import type { Allowance } from "../../mail/screening/zip-members.ts";
import { attachmentsAt } from "../../mail/split/skeleton-contents.ts";
import type { Env } from "../env.ts";
import { NoBytes } from "../storage/split-parts.ts";
import { readBlob } from "../storage/stored-attachments.ts";

export interface Screening {
  env: Env;
  findings: Findings;
  at: string;
  allowance: Allowance;
}

export async function screenAttachment(screening: Screening, file: OutgoingAttachment): Promise<void> {
  const { content } = file;
  if (content instanceof Uint8Array) await screenBytesOf(screening, file, content);
  else if ("pieces" in content) await screenEnclosed(screening, file, content);
  else await screenStored(screening, file, content);
}

const screenBytesOf = ({ findings, at, allowance }: Screening, file: NamedFile, bytes: Uint8Array) =>
  screenFile(findings, at, file, bytes, allowance);

async function screenStored(
  screening: Screening,
  file: NamedFile,
  { sha256, content }: Pick<StoredPiece, "sha256" | "content">,
): Promise<void> {
  const { env, findings, at } = screening;
  if (content !== null) return screenBytesOf(screening, file, content);
  const head = await readHead(env, sha256);
  if (!holdsFiles(file, head)) return screenHead(findings, at, file, head);
  return screenBytesOf(screening, file, await readBlob(env, sha256));
}

/** Its skeleton has every name and every small file; the large ones come one by one. */
async function screenEnclosed(screening: Screening, file: NamedFile, { pieces }: EnclosedMessage): Promise<void> {
  const skeleton = concatBytes(pieces.filter(isOctets));
  await screenBytesOf(screening, file, skeleton);
  const places: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (isStored(piece)) places.push(at);
    else at += piece.length;
  }
  const files = filesOf(skeleton);
  const numbers = attachmentsAt(skeleton, places);
  for (const [i, piece] of pieces.filter(isStored).entries()) {
    const found = files[numbers[i] ?? -1];
    await screenPart(screening, found, piece);
  }
}

/** Without a place of its own it is a file of a message inside this one: its name has been seen there. */
async function screenPart(screening: Screening, found: FileInMessage | undefined, piece: StoredPiece): Promise<void> {
  const file = found?.file ?? { filename: "", content_type: "" };
  const isEncoded = piece.base64 === null && found !== undefined && found.encoding !== "identity";
  if (!isEncoded) return screenStored(screening, file, piece);
  const body = piece.content ?? (await readBlob(screening.env, piece.sha256));
  return screenBytesOf(screening, file, decodeBody(body, found.encoding));
}

async function readHead(env: Env, sha256: string): Promise<Uint8Array> {
  const key = blobKey(sha256);
  const object = await env.MAIL.get(key, { range: { offset: 0, length: HEAD_BYTES } });
  if (object === null) throw new NoBytes(key);
  return new Uint8Array(await object.arrayBuffer());
}
