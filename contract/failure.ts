/**
 * Expected failures of a call, as a typed error: it rolls a transaction back on its way, and its `reason` survives the
 * RPC boundary, where the API turns it into problem details (workers/api/problem.ts). Bugs and lost infrastructure
 * throw ordinary errors and end as 500 or 503.
 */
import type { ProblemIssue, ProblemReason } from "./problem.ts";

export class Failure extends Error {
  readonly reason: ProblemReason;
  readonly issues: ProblemIssue[];
  /** When to come again, for what is limited by time. */
  readonly retry_after_seconds: number | undefined;

  constructor(reason: ProblemReason, detail: string, issues: ProblemIssue[] = [], retryAfterSeconds?: number) {
    super(detail);
    this.name = "Failure";
    this.reason = reason;
    this.issues = issues;
    this.retry_after_seconds = retryAfterSeconds;
  }
}

/** Whether an error is a failure, thrown here or arrived over RPC: whoever threw it changed nothing. */
export function isFailure(error: unknown): boolean {
  return error instanceof Error && error.name === "Failure" && "reason" in error;
}

export const notFound = (what: string) => new Failure("not_found", `There is no such ${what}.`);
