/** A file on its way up, in parts: each part that has arrived is one that a cut cannot take away. */
import type { UploadId } from "../../../contract/ids.ts";
import type { Upload } from "../../../contract/uploads.ts";
import { ask, bodyOf, call, Refused, Unreachable } from "../api/call.ts";

/** Small enough that the bar moves, large enough that the requests do not count. */
const PART = 512 * 1024;
const RETRY = 3000;

interface Way {
  signal: AbortSignal;
  /** Of an upload that was begun earlier. */
  upload_id: UploadId | null;
  onBegun(id: UploadId): void;
  onProgress(bytes: number): void;
}

/** Goes on by itself when the network is back. Throws `Refused`, and an `AbortError` when `signal` says so. */
export async function upload(file: File, way: Way): Promise<UploadId> {
  let { upload_id } = way;
  for (;;) {
    try {
      const { id, received } = await begun(file, upload_id, way.signal);
      if (id !== upload_id) way.onBegun(id);
      upload_id = id;
      await sendParts(file, id, received, way);
      return id;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await networkOr(RETRY, way.signal);
    }
  }
}

async function begun(file: File, id: UploadId | null, signal: AbortSignal): Promise<Upload> {
  const body = { filename: file.name || "file", content_type: mediaTypeOf(file), size: file.size };
  const anew = () => call<Upload>("POST", "/uploads", { body, signal });
  if (id === null) return anew();
  return call<Upload>("GET", `/uploads/${id}`, { signal }).catch((error: unknown) => {
    // It took too long, and the server has forgotten it.
    if (error instanceof Refused && error.status === 404) return anew();
    throw error;
  });
}

async function sendParts(file: File, id: UploadId, from: number, { signal, onProgress }: Way): Promise<void> {
  for (let offset = from; offset < file.size; ) {
    onProgress(offset);
    const body = file.slice(offset, offset + PART);
    const headers = { "content-type": "application/octet-stream" };
    const answer = await ask("PUT", `/uploads/${id}?offset=${offset}`, { body, headers, signal });
    const { received } = await bodyOf<Upload>(answer);
    offset = received;
  }
  onProgress(file.size);
}

/** What a browser says of a file may be nothing, or nothing that fits. */
export const mediaTypeOf = ({ type }: File): string =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : "application/octet-stream";

/** Until the network is back, or for so long. Throws when `signal` says so. */
export function networkOr(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
