/** The arguments of one command or test, held against its signature. */
import type { Argument, StringNode, TestNode } from "./parse-script.ts";
import { ScriptProblem } from "./script-problem.ts";
import { type Capability, find, type Signature, type TagSignature } from "./signatures.ts";

/** What was given, by name of the tag and by place. Asking for what the signature does not have is a bug, and throws. */
export class Arguments {
  readonly #tags: Map<string, Argument | null>;
  readonly #positional: Argument[];

  constructor(tags: Map<string, Argument | null>, positional: Argument[]) {
    this.#tags = tags;
    this.#positional = positional;
  }

  has(tag: string): boolean {
    return this.#tags.has(tag);
  }

  /** The first of these tags that was given. */
  oneOf<const Tag extends string>(...tags: Tag[]): Tag | null {
    return tags.find((tag) => this.#tags.has(tag)) ?? null;
  }

  tagString(tag: string): StringNode | null {
    return this.tagStrings(tag)?.[0] ?? null;
  }

  tagStrings(tag: string): StringNode[] | null {
    const given = this.#tags.get(tag);
    return given?.kind === "strings" ? given.strings : null;
  }

  tagNumber(tag: string): { value: number; at: number } | null {
    const given = this.#tags.get(tag);
    return given?.kind === "number" ? given : null;
  }

  /** How many positional arguments there are. */
  get length(): number {
    return this.#positional.length;
  }

  /** Counted from the end where negative, so that an optional first one does not matter. */
  strings(place: number): StringNode[] {
    const given = this.#positional.at(place);
    if (given?.kind !== "strings") throw new Error(`no strings at ${place}`);
    return given.strings;
  }

  string(place: number): StringNode {
    const [first] = this.strings(place);
    if (first === undefined) throw new Error(`no string at ${place}`);
    return first;
  }

  number(place: number): number {
    const given = this.#positional.at(place);
    if (given?.kind !== "number") throw new Error(`no number at ${place}`);
    return given.value;
  }
}

type Kind = "string" | "strings" | "number";

const WORDS: Record<Kind, string> = {
  string: "a string",
  strings: "a string or a list of strings",
  number: "a number",
};

/** Throws a ScriptProblem at the first argument that does not fit. */
export function readArguments(node: TestNode, signature: Signature, required: ReadonlySet<string>): Arguments {
  const { name } = node;
  const tags = new Map<string, Argument | null>();
  const positional: Argument[] = [];
  for (let n = 0; n < node.arguments.length; n++) {
    const argument = node.arguments[n];
    if (argument === undefined) break;
    if (argument.kind !== "tag") {
      positional.push(argument);
      continue;
    }
    const tag = find(signature.tags, argument.name);
    if (tag === undefined) throw new ScriptProblem(argument.at, `${name} takes no argument :${argument.name}`);
    // RFC 5228 §2.6.2: tagged arguments come first.
    if (positional.length > 0) {
      throw new ScriptProblem(argument.at, `:${argument.name} must stand before the other arguments of ${name}`);
    }
    checkTag(argument, tag, { signature, tags, required });
    const value = tag.takes === undefined ? null : argumentAfter(node, n, tag.takes);
    if (value !== null) n++;
    tags.set(argument.name, value);
  }
  checkPositional(node, signature, positional, required);
  return new Arguments(tags, positional);
}

function checkTag(
  { name, at }: { name: string; at: number },
  tag: TagSignature,
  { signature, tags, required }: { signature: Signature; tags: Map<string, unknown>; required: ReadonlySet<string> },
): void {
  needCapability(tag.capability, `:${name}`, at, required);
  if (tags.has(name)) throw new ScriptProblem(at, `:${name} is given twice`);
  const rival = [...tags.keys()].find(
    (other) => tag.group !== undefined && signature.tags?.[other]?.group === tag.group,
  );
  if (rival !== undefined) throw new ScriptProblem(at, `:${name} and :${rival} cannot be given together`);
}

function argumentAfter(node: TestNode, place: number, kind: Kind): Argument {
  const tag = node.arguments[place];
  const next = node.arguments[place + 1];
  if (next !== undefined && fits(next, kind)) return next;
  throw new ScriptProblem(
    next?.at ?? tag?.at ?? node.at,
    `:${tag?.kind === "tag" ? tag.name : ""} takes ${WORDS[kind]}`,
  );
}

function fits(argument: Argument, kind: Kind): boolean {
  if (kind === "number") return argument.kind === "number";
  return argument.kind === "strings" && (kind === "strings" || argument.strings.length === 1);
}

function checkPositional(
  node: TestNode,
  signature: Signature,
  given: readonly Argument[],
  required: ReadonlySet<string>,
): void {
  const all = signature.positional ?? [];
  const isShort = signature.first_is_optional !== undefined && given.length === all.length - 1;
  const wanted = isShort ? all.slice(1) : all;
  for (const [n, argument] of given.entries()) {
    const kind = wanted[n];
    if (kind === undefined) throw new ScriptProblem(argument.at, `${node.name} takes no argument here`);
    if (!fits(argument, kind)) throw new ScriptProblem(argument.at, `${node.name} takes ${WORDS[kind]} here`);
  }
  const missing = wanted[given.length];
  if (missing !== undefined) throw new ScriptProblem(node.at, `${node.name} needs ${WORDS[missing]} more`);
  if (signature.first_is_optional !== undefined && !isShort) {
    needCapability(signature.first_is_optional, `a variable of ${node.name}`, given[0]?.at ?? node.at, required);
  }
}

export function needCapability(
  capability: Capability | undefined,
  what: string,
  at: number,
  required: ReadonlySet<string>,
): void {
  if (capability === undefined || required.has(capability)) return;
  throw new ScriptProblem(at, `${what} needs require "${capability}"`);
}
