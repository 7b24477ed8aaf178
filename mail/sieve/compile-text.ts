/** Strings of a script: encoded characters (RFC 5228 §2.4.2.4) decoded, places of variables (RFC 5229 §3) found. */
import { MAX_VARIABLE_NAME } from "./limits.ts";
import type { StringNode } from "./parse-script.ts";
import type { Template } from "./program.ts";
import { ScriptProblem } from "./script-problem.ts";

/** What a string may hold depends on what the script asked for. */
export function compileText({ value, at }: StringNode, required: ReadonlySet<string>): Template {
  const text = decoded(value, at, required);
  return required.has("variables") ? withVariables(text, at) : text === "" ? [] : [text];
}

/** A string that must be known before the script runs, such as the name of a comparator. */
export function constantText(string: StringNode, what: string, required: ReadonlySet<string>): string {
  const template = compileText(string, required);
  if (template.some((piece) => typeof piece !== "string")) {
    throw new ScriptProblem(string.at, `${what} cannot hold a variable`);
  }
  return template.join("");
}

/** The text of a template that has no variables; null for one that has. */
export function textOf(template: Template): string | null {
  return template.every((piece) => typeof piece === "string") ? template.join("") : null;
}

const decoded = (text: string, at: number, required: ReadonlySet<string>): string =>
  required.has("encoded-character") ? decodeCharacters(text, at) : text;

const ENCODED = /\$\{(hex|unicode):([0-9a-f \t\r\n]*)\}/gi;

function decodeCharacters(text: string, at: number): string {
  return text.replace(ENCODED, (written: string, kind: string, list: string) => {
    const codes = list.split(/[ \t\r\n]+/).filter((code) => code !== "");
    if (codes.length === 0) return written;
    if (kind.toLowerCase() === "hex") {
      if (codes.some((code) => code.length > 2)) return written;
      return new TextDecoder().decode(Uint8Array.from(codes, (code) => Number.parseInt(code, 16)));
    }
    return codes.map((code) => character(code, at)).join("");
  });
}

function character(code: string, at: number): string {
  const point = code.replace(/^0+(?=.)/, "").length > 6 ? Number.POSITIVE_INFINITY : Number.parseInt(code, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    throw new ScriptProblem(at, `\${unicode:${code}} is no character`);
  }
  return String.fromCodePoint(point);
}

/** RFC 5229 §3: an identifier, with namespaces before it, or the number of a match. Anything else stands for itself. */
const VARIABLE = /\$\{(?:([0-9]+)|([a-z_][a-z0-9_]*(?:\.(?:[a-z_][a-z0-9_]*|[0-9]+))*))\}/gi;

function withVariables(text: string, at: number): Template {
  const pieces: (string | { variable: string } | { match: number })[] = [];
  let from = 0;
  for (const found of text.matchAll(VARIABLE)) {
    const [written, number, name] = found;
    if (found.index > from) pieces.push(text.slice(from, found.index));
    pieces.push(number === undefined ? { variable: variableName(name ?? "", at) } : { match: Number(number) });
    from = found.index + written.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** The name as variables are kept by. Namespaces belong to other extensions, and none that is here has one. */
export function variableName(name: string, at: number): string {
  if (name.includes(".")) throw new ScriptProblem(at, `there is no namespace of variables for ${name}`);
  if (!/^[a-z_][a-z0-9_]*$/i.test(name))
    throw new ScriptProblem(at, `${JSON.stringify(name)} is no name of a variable`);
  if (name.length > MAX_VARIABLE_NAME)
    throw new ScriptProblem(at, `a name of a variable is at most ${MAX_VARIABLE_NAME} long`);
  return name.toLowerCase();
}
