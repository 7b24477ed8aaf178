/**
 * Addresses of the image proxy. A frame that shows mail has no origin of its own, and its images come without cookies:
 * so what may be asked for stands in the address itself, signed. It names one image elsewhere, for one account, until
 * the week after the one that it was made in; whoever gets hold of it learns what that address shows to everybody.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { UserId } from "../../contract/ids.ts";
import type { Env } from "../env.ts";
import { MAX_URL_CHARACTERS } from "../outside/public-url.ts";

export const SignedImage = z.object({
  account: UserId,
  week: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number),
  signature: z.string().max(64),
  url: z.string().max(MAX_URL_CHARACTERS),
});
export type SignedImage = z.infer<typeof SignedImage>;

const WEEK_MS = 7 * 24 * 3600 * 1000;
export const weekOf = (now: number): number => Math.floor(now / WEEK_MS);

/**
 * Turns the address of an image into one of the proxy, relative to where the API is. Within a week it is the same one,
 * so that a browser has the image already. Null in a deployment that has no secret yet.
 */
export function imageSigner(env: Env, userId: string, now: number): ((url: string) => string) | null {
  const key = signingKey(env);
  if (key === null) return null;
  const week = weekOf(now);
  return (url) => {
    const signature = sign(key, userId, week, url);
    return `/v1/proxy/image?account=${userId}&week=${week}&signature=${signature}&url=${encodeAll(url)}`;
  };
}

export function isSigned(env: Env, { account, week, signature, url }: SignedImage, now: number): boolean {
  const key = signingKey(env);
  if (key === null || week > weekOf(now) || week < weekOf(now) - 1) return false;
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(key, account, week, url))];
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

/** No secret of its own to make and to lose: a key that only ever signs addresses, derived from the one that is there. */
function signingKey({ ADMIN_SECRET }: Env): Buffer | null {
  return ADMIN_SECRET ? createHmac("sha256", ADMIN_SECRET).update("addresses of the image proxy").digest() : null;
}

/** 128 bits. None of the parts before the address has a line end. */
const sign = (key: Buffer, userId: string, week: number, url: string): string =>
  createHmac("sha256", key).update(`${userId}\n${week}\n${url}`).digest().subarray(0, 16).toString("base64url");

/** With the marks that encodeURIComponent leaves, and CSS does not take in an address. */
const encodeAll = (url: string): string =>
  encodeURIComponent(url).replaceAll(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
