/** A file that came in parts becomes one Blob. */
import { isFailure } from "../../contract/failure.ts";
import type { UploadId } from "../../contract/ids.ts";
import { uploadReference } from "../../contract/r2-keys.ts";
import { randomId } from "../../contract/random-id.ts";
import type { Upload } from "../../contract/uploads.ts";
import type { UploadedFile } from "../../durable-objects/mailbox/uploads.ts";
import { concatBytes } from "../../mail/compose/bytes.ts";
import { contentForm } from "../../mail/compose/content-form.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import type { Env } from "../env.ts";
import { requireObject } from "./split-parts.ts";

/** The Mailbox takes the file for an upload, or says that it has it already. */
export type TakeFile = (file: UploadedFile) => Promise<{ is_taken: boolean; upload: Upload }>;

/**
 * Refers, then says so. The name is a new one each time, so that a try that broke off and the one that follows are not
 * taken for each other: the Blob asks after the first a day later, and drops it.
 */
export async function storeUploadedFile(
  env: Env,
  user_id: string,
  id: UploadId,
  content: Uint8Array<ArrayBuffer>,
  take: TakeFile,
): Promise<Upload> {
  const sha256 = await sha256Hex(content);
  const reference = uploadReference(id, randomId(10));
  const blob = env.BLOB.getByName(sha256);
  await blob.refer([{ user_id, reference }], sha256, content);
  try {
    const { is_taken, upload } = await take({ sha256, reference, form: contentForm(content) });
    if (!is_taken) await blob.release({ user_id, reference }, sha256);
    return upload;
  } catch (error) {
    // After any other error the upload may have it: the Blob will ask.
    if (isFailure(error)) await blob.release({ user_id, reference }, sha256);
    throw error;
  }
}

export async function readParts(env: Env, keys: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for (const key of keys) parts.push(new Uint8Array(await (await requireObject(env, key)).arrayBuffer()));
  return concatBytes(parts);
}
