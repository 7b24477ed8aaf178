/** Fetches an image from where a stranger says that it is. Of what is not one, or too large, nothing is passed on. */
import { MAX_KEPT_IMAGE_BYTES, MAX_PROXIED_IMAGE_BYTES } from "../../contract/limits.ts";
import { fail, ok, type Result } from "../../mail/result.ts";
import type { Env } from "../env.ts";
import { type FetchRefusal, leaveUnread, publicFetch } from "../outside/public-fetch.ts";
import { imageType } from "./image-type.ts";

export type ImageRefusal =
  | FetchRefusal
  | { reason: "status"; status: number }
  | { reason: "not_an_image" }
  | { reason: "image_too_large"; limit: number };

export interface FetchedImage {
  type: string;
  /** The whole, if it is small enough to be kept; a stream that breaks off at the limit otherwise. */
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

const TIMEOUT_MS = 15_000;
const ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5";

export async function fetchImage(env: Env, url: string): Promise<Result<FetchedImage, ImageRefusal>> {
  const fetched = await publicFetch(env, url, { headers: { accept: ACCEPT }, timeoutMs: TIMEOUT_MS });
  if (!fetched.ok) return fetched;
  const { status, headers, body } = fetched.value;
  const refuse = async (refusal: ImageRefusal) => {
    await leaveUnread(fetched.value);
    return fail(refusal);
  };
  if (status !== 200 || body === null) return refuse({ reason: "status", status });
  if (Number(headers.get("content-length")) > MAX_PROXIED_IMAGE_BYTES) return refuse(TOO_LARGE);
  try {
    return await readImage(body);
  } catch (error) {
    return fail({ reason: "unreachable", error: error instanceof Error ? error.message : "unknown" });
  }
}

const TOO_LARGE: ImageRefusal = { reason: "image_too_large", limit: MAX_PROXIED_IMAGE_BYTES };

async function readImage(body: ReadableStream<Uint8Array>): Promise<Result<FetchedImage, ImageRefusal>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = false;
  while (size <= MAX_KEPT_IMAGE_BYTES && !isWhole) {
    const { value, done } = await reader.read();
    if (value !== undefined) chunks.push(value);
    size += value?.byteLength ?? 0;
    isWhole = done;
  }
  const start = new Uint8Array(Buffer.concat(chunks));
  const type = imageType(start);
  if (type === null) {
    await reader.cancel();
    return fail({ reason: "not_an_image" });
  }
  return ok({ type, body: isWhole ? start : goingOn(start, reader) });
}

/** What was read, and then the rest as it comes: ten megabytes are not held for every image on its way. */
function goingOn(start: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  let size = start.byteLength;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(start),
    async pull(controller) {
      const { value, done } = await reader.read();
      size += value?.byteLength ?? 0;
      if (done) return controller.close();
      if (size <= MAX_PROXIED_IMAGE_BYTES) return controller.enqueue(value);
      await reader.cancel();
      controller.error(new Error("the image is too large"));
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
