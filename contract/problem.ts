/** Errors on the wire: RFC 9457 problem details. One union of reasons; one place turns each into a status. */
import { z } from "zod";

export const PROBLEM_STATUS = {
  bad_request: 400,
  bad_cursor: 400,
  bad_state: 400,
  state_too_old: 410,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  request_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  invalid_sender: 422,
  invalid_recipients: 422,
  suppressed_recipients: 409,
  invalid_folders: 422,
  invalid_script: 422,
  folder_not_empty: 409,
  message_too_large: 413,
  over_quota: 403,
  too_late: 409,
  sending_stopped: 403,
  sending_limit: 429,
  message_refused: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemReason = keyof typeof PROBLEM_STATUS;

/** One thing that is wrong with the input, and where: `at` is a path such as `to.3.email` or `query.limit`. */
export const ProblemIssue = z.object({ at: z.string(), message: z.string() });
export type ProblemIssue = z.infer<typeof ProblemIssue>;

export const Problem = z.object({
  /** A URI reference that names the kind of problem: `/problems/{reason}`. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  reason: z.string(),
  issues: z.array(ProblemIssue).optional(),
});
export type Problem = z.infer<typeof Problem>;
