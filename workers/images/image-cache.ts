/**
 * Images that were shown, kept in R2 for a week or two: an image is asked for elsewhere once a week, however often it is
 * looked at. Each account has its own, since by how fast an image comes it could be told whether others have seen it.
 *
 * An account has 4,096 places a week, and an image's place follows from its address: where two meet, the later one
 * stays. So nobody fills the bucket, and nothing has to be counted.
 */
import { IMAGE_PREFIX, imageKey, weekOfImages } from "../../contract/r2-keys.ts";
import type { Env } from "../env.ts";
import { type SignedImage, weekOf } from "./signed-address.ts";

export interface KeptImage {
  type: string;
  body: BodyInit;
}

const PLACE_DIGITS = 3;

export async function findImage(env: Env, image: SignedImage): Promise<KeptImage | null> {
  const { key, digest } = await placeOf(image);
  const kept = await env.MAIL.get(key);
  if (kept === null) return null;
  const type = kept.httpMetadata?.contentType;
  if (kept.customMetadata?.url === digest && type !== undefined) return { type, body: kept.body };
  await kept.body.cancel();
  return null;
}

export async function keepImage(env: Env, image: SignedImage, type: string, bytes: Uint8Array): Promise<void> {
  const { key, digest } = await placeOf(image);
  await env.MAIL.put(key, bytes, { httpMetadata: { contentType: type }, customMetadata: { url: digest } });
}

async function placeOf({ account, week, url }: SignedImage): Promise<{ key: string; digest: string }> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url));
  const digest = Buffer.from(bytes).toString("hex");
  return { key: imageKey(week, account, digest.slice(0, PLACE_DIGITS)), digest };
}

const HOUR_MS = 3_600_000;
/** One that nothing else is done at. */
const MINUTE_OF_THE_HOUR = 17;
const MAX_PAGES = 20;

/** Once an hour: images of weeks whose addresses are no longer valid go. What is too much for once goes in the next hour. */
export async function sweepImages(env: Env, now: number): Promise<void> {
  if (Math.floor((now % HOUR_MS) / 60_000) !== MINUTE_OF_THE_HOUR) return;
  const { delimitedPrefixes } = await env.MAIL.list({ prefix: IMAGE_PREFIX, delimiter: "/" });
  const over = delimitedPrefixes.filter((prefix) => weekOfImages(prefix) < weekOf(now) - 1);
  let pages = 0;
  for (const prefix of over) {
    for (let more = true; more && pages < MAX_PAGES; pages++) {
      const page = await env.MAIL.list({ prefix, limit: 1000 });
      await env.MAIL.delete(page.objects.map(({ key }) => key));
      more = page.truncated;
    }
  }
}
