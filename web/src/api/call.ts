/** The REST API as this client calls it. Who is calling stands in a cookie that no script can read. */
import { ACCOUNT_HEADER } from "../../../contract/account-header.ts";
import type { Problem } from "../../../contract/problem.ts";
import { i18n } from "../language/i18n.ts";

/** A refusal, with what its problem details say (RFC 9457). */
export class Refused extends Error {
  override name = "Refused";
  readonly status: number;
  readonly reason: string;

  constructor(status: number, problem: Partial<Problem>, words?: string) {
    super(words ?? wordsOf(status, problem));
    this.status = status;
    this.reason = problem.reason ?? "unknown";
  }
}

/** Those that mean the same wherever they come from, and are said in the reader's language. */
const SAID_HERE = ["internal", "unavailable", "rate_limited", "over_quota", "message_too_large"] as const;
/** Those of which the server says what is wrong, and the client what to do. */
const WITH_ISSUES = ["bad_request", "suppressed_recipients", "message_refused"] as const;

function wordsOf(status: number, { reason, title, detail, issues = [] }: Partial<Problem>): string {
  const said = SAID_HERE.find((one) => one === reason);
  if (said) return i18n.t(`errors.${said}`);
  const wrong = issues.map(({ message }) => message);
  const about = WITH_ISSUES.find((one) => one === reason);
  if (about && wrong.length > 0) return i18n.t(`errors.${about}`, { issues: wrong.join(", ") });
  return [detail ?? title ?? `The server answered ${status}.`, ...wrong].join(" ");
}

/** No answer came: no network, or no server. The request may have been carried out all the same. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Nobody is signed in any more. Fired on `window` for whoever shows the mail, and for the operator's pages. */
export const SIGNED_OUT = "signed-out";
export const OPERATOR_SIGNED_OUT = "operator-signed-out";

/** Whose mail this page shows. It is said with each request: the cookie may be somebody else's by now. */
let caller: string | null = null;

/** Once for a page: what it began as one person it never goes on with as another. Returns whether it is as this one. */
export function callAs(user_id: string): boolean {
  caller ??= user_id;
  return caller === user_id;
}

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
  return bodyOf<T>(response);
}

/** What an answer says. One that was cut short is none: what was asked for may have been done all the same. */
export async function bodyOf<T>(response: Response): Promise<T> {
  const text = await response.text().catch((error: unknown) => {
    throw isAbort(error) ? error : new Unreachable(i18n.t("errors.unreachable"));
  });
  return JSON.parse(text || "null"); // 204 has no body
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

interface AskOptions extends RequestInit {
  headers?: Record<string, string>;
  /** After so many milliseconds no answer is waited for any more: a connection may be dead, and nobody says so. */
  within?: number;
}

/** The same for what is not JSON: bytes of an attachment, parts of an upload. */
export async function ask(method: string, path: string, { within, ...init }: AskOptions = {}): Promise<Response> {
  const headers = { ...init.headers, ...(caller === null ? {} : { [ACCOUNT_HEADER]: caller }) };
  const response = await fetch(`/v1${path}`, { ...init, method, headers, signal: inTime(init.signal, within) }).catch(
    (error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new Unreachable(i18n.t("errors.unreachable"));
    },
  );
  if (response.ok) return response;
  // Two logins: which one has ended is told by what was asked for. A wrong password ends none.
  const login = method === "POST" ? LOGINS[path] : undefined;
  if (response.status === 401 && login === undefined) {
    dispatchEvent(new Event(path.startsWith("/admin/") ? OPERATOR_SIGNED_OUT : SIGNED_OUT));
  }
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem, response.status === 401 && login ? i18n.t(login) : undefined);
}

const inTime = (signal: AbortSignal | null | undefined, within: number | undefined): AbortSignal | null =>
  within === undefined ? (signal ?? null) : AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(within)]);

/** What is wrong where one of them is refused. */
const LOGINS: Record<string, "errors.wrongLogin" | "errors.wrongSecret"> = {
  "/sessions": "errors.wrongLogin",
  "/admin/session": "errors.wrongSecret",
};
