/** Answers of the API, read as strictly as they are promised. */
import { expect } from "vitest";
import type { z } from "zod";
import { type Problem as AnyProblem, PROBLEM_STATUS, Problem } from "../../contract/problem.ts";

/** The body of an answer with this status. */
export async function ok<T>(answer: Response | Promise<Response>, schema: z.ZodType<T>, status = 200): Promise<T> {
  const response = await answer;
  const text = await response.text();
  expect(`${response.status} ${response.status === status ? "" : text}`).toBe(`${status} `);
  return schema.parse(JSON.parse(text));
}

/** An answer without a body. */
export async function done(answer: Response | Promise<Response>, status = 204): Promise<void> {
  const response = await answer;
  expect(`${response.status} ${await response.text()}`).toBe(`${status} `);
}

/** RFC 9457 problem details: the media type, a reason that is known, and the status that goes with it. */
export async function problemOf(answer: Response | Promise<Response>): Promise<AnyProblem> {
  const response = await answer;
  const text = await response.text();
  expect(`${response.headers.get("content-type")} ${response.ok ? text : ""}`).toBe("application/problem+json ");
  const problem = Problem.parse(JSON.parse(text));
  expect(Object.entries(PROBLEM_STATUS)).toContainEqual([problem.reason, response.status]);
  expect(problem).toMatchObject({ status: response.status, type: `/problems/${problem.reason}` });
  return problem;
}

/** The reason and the places of a problem: `not_found`, `bad_request query.limit`. */
export async function problemAt(answer: Response | Promise<Response>): Promise<string> {
  const { reason, issues = [] } = await problemOf(answer);
  return [reason, ...new Set(issues.map(({ at }) => at))].join(" ");
}
