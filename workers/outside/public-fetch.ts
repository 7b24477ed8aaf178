/**
 * The one way to fetch from an address that a stranger wrote: only from the public web, at each step of a redirection,
 * for a bounded time, and saying nothing of who asks: no cookies, no referrer, and one user agent for everybody.
 *
 * What a name resolves to is the network's affair. On Cloudflare a Worker's fetch reaches public addresses only; on one
 * machine OUTSIDE is a network that connects to no private address whatever a name says (gateway/runtime.ts).
 */
import { fail, ok, type Result } from "../../mail/result.ts";
import type { Env } from "../env.ts";
import { parsePublicUrl, type UrlRefusal } from "./public-url.ts";

export type FetchRefusal =
  | UrlRefusal
  | { reason: "too_many_redirects"; limit: number }
  /** It does not answer in time, or its name leads nowhere, or into a private network. */
  | { reason: "unreachable"; error: string };

export interface PublicRequest {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** Until the body has been read. */
  timeoutMs?: number;
}

export const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 10_000;
export const USER_AGENT = "Mozilla/5.0 (compatible; Mailmesh)";
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A redirection of a POST is not followed, and is the answer: what it would mean to ask again is not known here. */
export async function publicFetch(
  env: Pick<Env, "OUTSIDE">,
  address: string,
  { method = "GET", headers = {}, body, timeoutMs = TIMEOUT_MS }: PublicRequest = {},
): Promise<Result<Response, FetchRefusal>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = {
    ...{ method, signal, redirect: "manual", headers: { ...headers, "user-agent": USER_AGENT } },
    ...(body === undefined ? {} : { body }),
  };
  let target = parsePublicUrl(address);
  for (let hops = 0; target.ok; hops++) {
    const response = await ask(env, target.value, init);
    const location = response.ok ? locationOf(response.value) : null;
    if (!response.ok || location === null || method === "POST") return response;
    await leaveUnread(response.value);
    if (hops === MAX_REDIRECTS) return fail({ reason: "too_many_redirects", limit: MAX_REDIRECTS });
    target = parsePublicUrl(location, target.value);
  }
  return target;
}

/** The rest of an answer is not wanted; where it has broken off, that is nobody's trouble. */
export async function leaveUnread({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => {});
}

async function ask(env: Pick<Env, "OUTSIDE">, url: URL, init: RequestInit): Promise<Result<Response, FetchRefusal>> {
  try {
    return ok(await (env.OUTSIDE ?? globalThis).fetch(url.href, init));
  } catch (error) {
    return fail({ reason: "unreachable", error: error instanceof Error ? error.message : "unknown" });
  }
}

const locationOf = (response: Response): string | null =>
  REDIRECTS.has(response.status) ? response.headers.get("location") : null;
