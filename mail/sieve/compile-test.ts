/** Tests (RFC 5228 §5 and those of the extensions), checked and typed. */
import { compileMatching } from "./compile-matching.ts";
import { compileText, constantText, textOf, variableName } from "./compile-text.ts";
import { DATE_PARTS, offsetOf } from "./date-parts.ts";
import type { StringNode, TestNode } from "./parse-script.ts";
import type { AddressPart, FieldIndex, Source, Template, Test, Zone } from "./program.ts";
import { type Arguments, needCapability, readArguments } from "./read-arguments.ts";
import { ScriptProblem } from "./script-problem.ts";
import { find, TESTS } from "./signatures.ts";

type Required = ReadonlySet<string>;

export function compileTest(node: TestNode, required: Required): Test {
  const signature = find(TESTS, node.name);
  if (signature === undefined) throw new ScriptProblem(node.at, `there is no test ${node.name}`);
  needCapability(signature.capability, node.name, node.at, required);
  const given = readArguments(node, signature, required);
  checkTests(node, signature.tests);
  return build(node, given, required);
}

/** How many tests a command or test stands with. */
export function checkTests(node: TestNode, wanted: "one" | "list" | undefined): void {
  if (wanted === undefined && (node.tests.length > 0 || node.has_list)) {
    throw new ScriptProblem(node.tests[0]?.at ?? node.at, `${node.name} takes no test`);
  }
  if (wanted === "one" && (node.has_list || node.tests.length !== 1)) {
    throw new ScriptProblem(node.at, `${node.name} takes one test, without parentheses`);
  }
  if (wanted === "list" && !node.has_list) throw new ScriptProblem(node.at, `${node.name} takes tests in parentheses`);
}

function build(node: TestNode, given: Arguments, required: Required): Test {
  const { name } = node;
  const tests = () => node.tests.map((test) => compileTest(test, required));
  switch (name) {
    case "true":
    case "false":
      return { test: name };
    case "allof":
    case "anyof":
      return { test: name, tests: tests() };
    case "not":
      return { test: "not", negated: tests()[0] ?? { test: "true" } };
    case "exists":
      return { test: "exists", names: texts(given.strings(0), required) };
    case "size": {
      const is = given.oneOf("over", "under");
      if (is === null) throw new ScriptProblem(node.at, "size needs :over or :under");
      return { test: "size", is, limit: given.number(0) };
    }
    case "mailboxexists":
      return { test: "mailboxexists", folders: texts(given.strings(0), required) };
    default: {
      const source = sourceOf(node, given, required);
      return { test: "compare", source, ...compileMatching(given, given.strings(-1), required) };
    }
  }
}

function sourceOf(node: TestNode, given: Arguments, required: Required): Source {
  const index = indexOf(node, given);
  switch (node.name) {
    case "header":
      return { of: "header", names: texts(given.strings(0), required), index };
    case "address":
      return { of: "address", names: addressNames(given.strings(0), required), index, part: addressPart(given) };
    case "envelope":
      return { of: "envelope", parts: envelopeParts(given.strings(0), required), part: addressPart(given) };
    case "body": {
      const as = given.oneOf("raw", "text", "content") ?? "text";
      if (as !== "content") return { of: "body", as };
      return { of: "body", as, types: texts(given.tagStrings("content") ?? [], required) };
    }
    case "string":
      return { of: "string", texts: texts(given.strings(0), required) };
    case "hasflag": {
      const names = given.length === 2 ? given.strings(0) : null;
      return { of: "flags", variables: names?.map((name) => constantVariable(name, required)) ?? null };
    }
    case "date": {
      const [name = []] = texts(given.strings(0), required);
      return { of: "date", name, index, zone: zoneOf(given, required), date_part: datePart(given.string(1), required) };
    }
    case "currentdate":
      return { of: "currentdate", zone: zoneOf(given, required), date_part: datePart(given.string(0), required) };
    default:
      throw new Error(`no values for ${node.name}`);
  }
}

export const texts = (strings: readonly StringNode[], required: Required): Template[] =>
  strings.map((string) => compileText(string, required));

export const constantVariable = (string: StringNode, required: Required): string =>
  variableName(constantText(string, "the name of a variable", required), string.at);

const addressPart = (given: Arguments): AddressPart =>
  given.oneOf("all", "localpart", "domain", "user", "detail") ?? "all";

function indexOf({ at }: TestNode, given: Arguments): FieldIndex | null {
  const index = given.tagNumber("index");
  const from_end = given.has("last");
  if (index === null) {
    if (from_end) throw new ScriptProblem(at, ":last needs :index");
    return null;
  }
  if (index.value < 1) throw new ScriptProblem(index.at, ":index counts from 1");
  return { index: index.value, from_end };
}

/** RFC 5228 §5.1: only fields that hold addresses. */
const ADDRESS_FIELDS = new Set(
  `from to cc bcc sender reply-to resent-from resent-to resent-cc resent-bcc resent-sender resent-reply-to delivered-to
   x-original-to envelope-to return-path errors-to apparently-to disposition-notification-to return-receipt-to`.split(
    /\s+/,
  ),
);

function addressNames(strings: readonly StringNode[], required: Required): Template[] {
  const names = texts(strings, required);
  for (const [n, name] of names.entries()) {
    const text = textOf(name);
    if (text === null || ADDRESS_FIELDS.has(text.toLowerCase())) continue;
    throw new ScriptProblem(strings[n]?.at ?? 0, `the field ${text} holds no addresses: use the header test`);
  }
  return names;
}

function envelopeParts(strings: readonly StringNode[], required: Required): Template[] {
  return strings.map((string) => {
    const part = compileText(string, required);
    const text = textOf(part);
    if (text !== null && !/^(from|to)$/i.test(text)) {
      throw new ScriptProblem(string.at, `the envelope has "from" and "to" here, not ${JSON.stringify(text)}`);
    }
    return part;
  });
}

function zoneOf(given: Arguments, required: Required): Zone {
  if (given.has("originalzone")) return "original";
  const zone = given.tagString("zone");
  if (zone === null) return "local";
  const offset = offsetOf(constantText(zone, "a time zone", required));
  if (offset === null) throw new ScriptProblem(zone.at, 'a time zone is written as "+hhmm" or "-hhmm"');
  return offset;
}

function datePart(string: StringNode, required: Required): string {
  const part = constantText(string, "the part of a date", required).toLowerCase();
  if (DATE_PARTS.includes(part)) return part;
  throw new ScriptProblem(string.at, `a date has the parts ${DATE_PARTS.join(", ")}, not ${JSON.stringify(part)}`);
}
