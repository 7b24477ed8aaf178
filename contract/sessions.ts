/** Logging in, what is logged in, tokens for programs, and the password. */
import { z } from "zod";
import { Password } from "./admin.ts";
import { UserId } from "./ids.ts";

export const CreateSession = z.object({ email: z.string().min(1).max(320), password: z.string().min(1).max(256) });

export const Session = z.object({
  /** `user_id.secret`: a bearer token. Browsers get the same in a `__Host-` cookie and need not see it. */
  token: z.string(),
  user_id: UserId,
  expires_at: z.iso.datetime(),
});
export type Session = z.infer<typeof Session>;

/** The first sixteen characters of a secret's hash: they name it, and lead nobody to it. */
export const LoginId = z.string().regex(/^[\w-]{16}$/, "not the id of a session or a token");

/** `GET /v1/sessions`: a browser or a program that is logged in. */
export const OpenSession = z.object({
  id: LoginId,
  user_id: UserId,
  kind: z.literal("session"),
  created_at: z.iso.datetime(),
  /** To the hour. */
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  /** What it said of itself as it logged in; empty where it said nothing. */
  user_agent: z.string(),
  /** The one that asks. */
  is_current: z.boolean(),
});
export type OpenSession = z.infer<typeof OpenSession>;

/** Newest first: as many as MAX_SESSIONS. */
export const OpenSessions = z.object({ sessions: z.array(OpenSession) });

/** `/v1/tokens`: what a program logs in with. It can do what a session can, but for all that is in this file. */
export const AppToken = z.object({
  id: LoginId,
  user_id: UserId,
  kind: z.literal("token"),
  name: z.string(),
  created_at: z.iso.datetime(),
  /** To the hour; null where it was never used. */
  last_used_at: z.iso.datetime().nullable(),
  /** Null: it is good until it is deleted. */
  expires_at: z.iso.datetime().nullable(),
});
export type AppToken = z.infer<typeof AppToken>;

/** Newest first: as many as MAX_APP_TOKENS. */
export const AppTokens = z.object({ tokens: z.array(AppToken) });

export const CreateAppToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  expires_in_days: z.number().int().min(1).max(3650).nullable().default(null),
});
export type CreateAppToken = z.infer<typeof CreateAppToken>;

/** `token` is shown this once, and kept nowhere. */
export const NewAppToken = AppToken.extend({ token: z.string() });
export type NewAppToken = z.infer<typeof NewAppToken>;

/** `PUT /v1/password` 204. */
export const ChangePassword = z.strictObject({ current_password: z.string().min(1).max(256), new_password: Password });

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
