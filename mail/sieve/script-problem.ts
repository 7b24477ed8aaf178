/** What is wrong with a script, and where: for whoever wrote it, so in words and by line and column. */
import { fail, type Result } from "../result.ts";

export interface ScriptIssue {
  /** Both from 1; a column counts UTF-16 code units. */
  line: number;
  column: number;
  message: string;
}

export type Checked<Value> = Result<Value, { reason: "bad_script"; issues: ScriptIssue[] }>;

/** Thrown inside of reading a script alone, and never leaves it. */
export class ScriptProblem extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = "ScriptProblem";
    this.at = at;
  }
}

export function badScript(text: string, problems: readonly ScriptProblem[]) {
  const issues = problems.map(({ at, message }) => ({ ...placeOf(text, at), message }));
  return fail({ reason: "bad_script" as const, issues });
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return { line, column: at - before.lastIndexOf("\n") };
}
