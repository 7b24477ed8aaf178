/** The REST API as this client calls it. Who is calling stands in a cookie that no script can read. */
import type { Problem } from "../../../contract/problem.ts";

/** A refusal, with what its problem details say (RFC 9457). */
export class Refused extends Error {
  override name = "Refused";
  readonly status: number;
  readonly reason: string;

  constructor(status: number, { reason, title, detail, issues = [] }: Partial<Problem>) {
    const said = detail ?? title ?? `The server answered ${status}.`;
    super([said, ...issues.map(({ message }) => message)].join(" "));
    this.status = status;
    this.reason = reason ?? "unknown";
  }
}

/** No answer came: no network, or no server. The request may have been carried out all the same. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Nobody is signed in any more. Fired on `window` for whoever shows the mail, and for the operator's pages. */
export const SIGNED_OUT = "signed-out";
export const OPERATOR_SIGNED_OUT = "operator-signed-out";

interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * `T` is what contract/ says of this answer: the server has checked it by the same schema.
 * Throws `Refused` or `Unreachable`, and an `AbortError` when `signal` says so.
 */
export async function call<T>(method: string, path: string, { body, headers, signal }: CallOptions = {}): Promise<T> {
  const response = await ask(method, path, {
    body: body === undefined ? null : JSON.stringify(body),
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    signal: signal ?? null,
  });
  return JSON.parse((await response.text()) || "null"); // 204 has no body
}

/** The same for what is not JSON: bytes of an attachment, parts of an upload. */
export async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`/v1${path}`, { ...init, method }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new Unreachable("The server cannot be reached.");
  });
  if (response.ok) return response;
  // Two logins: which one has ended is told by what was asked for. A wrong password ends none.
  const isLoggingIn = method === "POST" && /^\/(admin\/session|sessions)$/.test(path);
  if (response.status === 401 && !isLoggingIn) {
    dispatchEvent(new Event(path.startsWith("/admin/") ? OPERATOR_SIGNED_OUT : SIGNED_OUT));
  }
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem);
}
