/** How often a password may be tried, whether to log in or to change it. Asked before the password is looked at. */
import { Failure } from "../../contract/failure.ts";
import { canonicalLocalPart, parseAddress } from "../../mail/address/address.ts";
import { sourceOf } from "../../mail/address/source.ts";
import type { Env } from "../env.ts";

export interface AdmittedTry {
  /** Whose password it is; null where nobody has the address. */
  user_id: string | null;
  /** It was the right one: the try is not held against who made it. */
  succeeded(): Promise<void>;
}

/** Throws `rate_limited`. */
export async function tryPassword(env: Env, request: Request, email: string): Promise<AdmittedTry> {
  const origin = await limitOrigin(env, request);
  // A name that cannot be an address goes the same way as one that is nobody's.
  const parsed = parseAddress(email.trim());
  const localPart = parsed.ok ? canonicalLocalPart(parsed.value.local_part) : "";
  const domain = env.DOMAIN.getByName((parsed.ok && parsed.value.domain) || "nowhere.invalid");
  const admission = await domain.admitLogin(localPart, origin, Date.now());
  if (!admission.admitted) throw tooMany(admission.retry_after_seconds);
  const { user_id } = admission;
  return { user_id, succeeded: async () => domain.recordLogin(localPart, origin, Date.now()) };
}

/** Tries of one origin, whatever they name. Throws `rate_limited`; returns the origin. */
export async function limitOrigin(env: Env, request: Request, kind = ""): Promise<string> {
  const origin = originOf(request, env);
  const { success } = await env.LOGIN_RATE.limit({ key: `${kind}${origin}` });
  if (!success) throw tooMany(60);
  return origin;
}

const tooMany = (seconds: number) => new Failure("rate_limited", "Too many tries. Wait before the next.", [], seconds);

/** Only Cloudflare's edge may say where a request came from; on one machine the header is anybody's. */
function originOf(request: Request, env: Env): string {
  if (env.DEPLOYMENT === "local") return "local";
  return sourceOf(request.headers.get("cf-connecting-ip") ?? "unknown");
}
