/** Match types and comparators (RFC 5228 §2.7, RFC 5231, RFC 4790). */
import { compileText, constantText } from "./compile-text.ts";
import type { StringNode } from "./parse-script.ts";
import type { Comparator, Matching, Relation, Template } from "./program.ts";
import type { Arguments } from "./read-arguments.ts";
import { ScriptProblem } from "./script-problem.ts";

const COMPARATORS: readonly Comparator[] = ["i;octet", "i;ascii-casemap", "i;ascii-numeric"];
const RELATIONS: readonly Relation[] = ["gt", "ge", "lt", "le", "eq", "ne"];

/** RFC 5228 §2.7.3: these need no require. */
const BUILT_IN = ["i;octet", "i;ascii-casemap"];

export function compileMatching(
  given: Arguments,
  keys: readonly StringNode[],
  required: ReadonlySet<string>,
): { matching: Matching; keys: Template[] } {
  const comparator = comparatorOf(given, required);
  const type = given.oneOf("is", "contains", "matches", "count", "value") ?? "is";
  const compiled = keys.map((key) => compileText(key, required));
  if (type === "count" || type === "value") {
    return { matching: { type, comparator, relation: relationOf(given.tagString(type), required) }, keys: compiled };
  }
  // RFC 4790 §9.1.1: numbers have no parts.
  if (comparator === "i;ascii-numeric" && type !== "is") {
    throw new ScriptProblem(given.tagString("comparator")?.at ?? 0, `i;ascii-numeric does not go with :${type}`);
  }
  return { matching: { type, comparator }, keys: compiled };
}

function comparatorOf(given: Arguments, required: ReadonlySet<string>): Comparator {
  const string = given.tagString("comparator");
  if (string === null) return "i;ascii-casemap";
  const name = constantText(string, "a comparator", required);
  const known = COMPARATORS.find((comparator) => comparator === name);
  if (known === undefined) throw new ScriptProblem(string.at, `there is no comparator ${JSON.stringify(name)}`);
  if (!BUILT_IN.includes(name) && !required.has(`comparator-${name}`)) {
    throw new ScriptProblem(string.at, `the comparator ${name} needs require "comparator-${name}"`);
  }
  return known;
}

function relationOf(string: StringNode | null, required: ReadonlySet<string>): Relation {
  const name = string === null ? "" : constantText(string, "a relation", required).toLowerCase();
  const known = RELATIONS.find((relation) => relation === name);
  if (known !== undefined) return known;
  throw new ScriptProblem(string?.at ?? 0, `a relation is one of ${RELATIONS.join(", ")}, not ${JSON.stringify(name)}`);
}
