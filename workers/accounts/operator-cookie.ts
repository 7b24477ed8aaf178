/**
 * What an operator's browser holds in place of the admin secret: until when it is good, signed. Nothing of it is kept
 * here, so one that was stolen is good until then, or until the secret is changed; that is why it is short.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Env } from "../env.ts";

/** `__Host-`: only this host, only over TLS (or on localhost), not readable by scripts. */
export const OPERATOR_COOKIE = "__Host-mailmesh-operator";

const GOOD_FOR_MS = 12 * 3_600_000;

/** Null in a deployment that has no secret yet. */
export function operatorCookie(env: Env, now: number): { value: string; expires_at: number } | null {
  const key = signingKey(env);
  if (key === null) return null;
  const expires_at = now + GOOD_FOR_MS;
  return { value: `${expires_at}.${sign(key, expires_at)}`, expires_at };
}

export function isOperatorCookie(env: Env, value: string | undefined, now: number): boolean {
  const key = signingKey(env);
  const [, expiresAt, signature = ""] = /^([1-9]\d{12,14})\.([\w-]{43})$/.exec(value ?? "") ?? [];
  if (key === null || Number(expiresAt) <= now) return false;
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(key, Number(expiresAt)))];
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

/** A key that signs nothing else, and that leads nobody back to the secret. */
function signingKey({ ADMIN_SECRET }: Env): Buffer | null {
  return ADMIN_SECRET ? createHmac("sha256", ADMIN_SECRET).update("cookies of operators").digest() : null;
}

const sign = (key: Buffer, expiresAt: number): string =>
  createHmac("sha256", key).update(String(expiresAt)).digest("base64url");
