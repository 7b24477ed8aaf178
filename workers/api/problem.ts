/** The one place where a failure becomes an answer: RFC 9457 problem details. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { PROBLEM_STATUS, type Problem, ProblemIssue, type ProblemReason } from "../../contract/problem.ts";

export interface ProblemFacts {
  reason: ProblemReason;
  detail?: string;
  issues?: ProblemIssue[];
  retry_after_seconds?: number | undefined;
}

const TITLES: Record<ProblemReason, string> = {
  bad_request: "The request is not valid",
  bad_cursor: "The cursor is not valid",
  bad_state: "The state is not valid",
  state_too_old: "The state is too old",
  unauthenticated: "Not logged in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  conflict: "Conflict",
  precondition_failed: "Changed meanwhile",
  request_too_large: "The request is too large",
  unsupported_media_type: "Unsupported media type",
  idempotency_key_reused: "Idempotency-Key used for another request",
  invalid_sender: "The sender is not an address of this account",
  invalid_recipients: "Some recipients are not valid",
  suppressed_recipients: "Mail to some recipients bounced or was not wanted",
  invalid_folders: "Some folders are not valid here",
  invalid_script: "Mistakes in the Sieve script",
  folder_not_empty: "The folder is not empty",
  message_too_large: "The message is too large",
  over_quota: "The mailbox is full",
  too_late: "Too late",
  sending_stopped: "The account cannot send",
  sending_limit: "Too many recipients today",
  message_refused: "The message may do harm",
  rate_limited: "Too many requests",
  internal: "Something broke on our side",
  unavailable: "Try again later",
};

export function problem({ reason, detail, issues, retry_after_seconds }: ProblemFacts): Response {
  const body: Problem = {
    type: `/problems/${reason}`,
    title: TITLES[reason],
    status: PROBLEM_STATUS[reason],
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(issues === undefined || issues.length === 0 ? {} : { issues }),
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retry_after_seconds !== undefined) headers.set("retry-after", String(retry_after_seconds));
  if (reason === "unauthenticated") headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(body), { status: body.status, headers });
}

/** A typed failure (contract/failure.ts), thrown here or arrived over RPC. */
const RemoteFailure = z.object({
  reason: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemReason, ...ProblemReason[]]),
  message: z.string(),
  issues: z.array(ProblemIssue).default([]),
  retry_after_seconds: z.number().optional(),
});

/** The platform's own marks on an error that says nothing about the request. */
const Infrastructure = z.union([z.object({ retryable: z.literal(true) }), z.object({ overloaded: z.literal(true) })]);

export function handleError(error: Error, c: Context): Response {
  const failure = RemoteFailure.safeParse(error);
  if (failure.success) {
    const { message: detail, ...facts } = failure.data;
    return problem({ ...facts, detail });
  }
  if (error instanceof HTTPException) {
    // The validator's own: a body of another media type, or one that is not JSON.
    if (error.status === 415)
      return problem({
        reason: "unsupported_media_type",
        detail: "The body is to be JSON, with Content-Type: application/json.",
      });
    return problem({ reason: "bad_request", issues: [{ at: "body", message: error.message }] });
  }
  console.error("request failed", { method: c.req.method, path: c.req.routePath, error });
  if (Infrastructure.safeParse(error).success) return problem({ reason: "unavailable", retry_after_seconds: 1 });
  return problem({ reason: "internal" });
}

/** Where zod found what. `at` begins with the part of the request: `body.to.0.email`, `query.limit`. */
export function issuesOf(error: z.ZodError | { issues: readonly z.core.$ZodIssue[] }, part: string): ProblemIssue[] {
  return error.issues.map(({ path, message }) => ({ at: [part, ...path.map(String)].join("."), message }));
}
