/** Logging in. */
import { z } from "zod";
import { UserId } from "./ids.ts";

export const CreateSession = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(256) });

export const Session = z.object({
  /** `user_id.secret`: a bearer token. Browsers get the same in a `__Host-` cookie and need not see it. */
  token: z.string(),
  user_id: UserId,
  expires_at: z.iso.datetime(),
});
export type Session = z.infer<typeof Session>;

const TOKEN = /^(u[0-9a-hjkmnp-tv-z]{16})\.([A-Za-z0-9_-]{43})$/;

/** The two halves of a token, or null when it cannot be one. */
export function splitToken(token: string): { user_id: UserId; secret: string } | null {
  const [, userId, secret] = TOKEN.exec(token) ?? [];
  const user_id = UserId.safeParse(userId);
  return user_id.success && secret !== undefined ? { user_id: user_id.data, secret } : null;
}

/** What is stored of a secret: SHA-256, base64url. The secret has 256 random bits, so a fast hash is enough. */
export async function sha256(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

/** RFC 4648 §5, without padding. */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
