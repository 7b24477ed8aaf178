/** The grammar of a script (RFC 5228 §8.2), without knowing any command: text in, a tree out. */
import { MAX_NESTING } from "./limits.ts";
import { ScriptProblem } from "./script-problem.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface StringNode {
  value: string;
  at: number;
}

export type Argument =
  | { kind: "strings"; strings: StringNode[]; at: number }
  | { kind: "number"; value: number; at: number }
  | { kind: "tag"; name: string; at: number };

export interface TestNode {
  name: string;
  at: number;
  arguments: Argument[];
  tests: TestNode[];
  /** The tests stand in parentheses. */
  has_list: boolean;
}

export interface CommandNode extends TestNode {
  block: CommandNode[] | null;
}

/** Throws a ScriptProblem at the first place that is not of the grammar. */
export function parseScript(text: string): CommandNode[] {
  const parser = new Parser(tokensOf(text));
  return parser.script();
}

class Parser {
  readonly #tokens: Iterator<Token, void>;
  #token: Token;

  constructor(tokens: Iterator<Token, void>) {
    this.#tokens = tokens;
    this.#token = { kind: "end", at: 0 };
    this.#step();
  }

  script(): CommandNode[] {
    const commands: CommandNode[] = [];
    while (this.#token.kind !== "end") commands.push(this.#command(0));
    return commands;
  }

  #command(depth: number): CommandNode {
    const test = this.#test(0, "a command");
    if (this.#skip(";")) return { ...test, block: null };
    const { at } = this.#token;
    if (!this.#skip("{")) throw this.#expected(`";" or a block after ${test.name}`);
    if (depth >= MAX_NESTING) throw new ScriptProblem(at, `blocks are nested more than ${MAX_NESTING} deep`);
    const block: CommandNode[] = [];
    while (!this.#skip("}")) {
      if (this.#token.kind === "end") throw this.#expected(`"}" for the block of ${test.name}`);
      block.push(this.#command(depth + 1));
    }
    return { ...test, block };
  }

  #test(depth: number, what: string): TestNode {
    const token = this.#token;
    if (token.kind !== "identifier") throw this.#expected(what);
    if (depth > MAX_NESTING) throw new ScriptProblem(token.at, `tests are nested more than ${MAX_NESTING} deep`);
    this.#step();
    const { name, at } = token;
    const args = this.#arguments();
    if (this.#token.kind === "identifier") {
      return { name, at, arguments: args, tests: [this.#test(depth + 1, "a test")], has_list: false };
    }
    const tests: TestNode[] = [];
    const has_list = this.#skip("(");
    if (has_list) {
      do tests.push(this.#test(depth + 1, "a test"));
      while (this.#skip(","));
      if (!this.#skip(")")) throw this.#expected('"," or ")" in a list of tests');
    }
    return { name, at, arguments: args, tests, has_list };
  }

  #arguments(): Argument[] {
    const found: Argument[] = [];
    for (;;) {
      const token = this.#token;
      if (token.kind === "tag") found.push({ kind: "tag", name: token.name, at: token.at });
      else if (token.kind === "number") found.push({ kind: "number", value: token.value, at: token.at });
      else if (token.kind === "string") found.push({ kind: "strings", strings: [token], at: token.at });
      else if (token.kind === "punctuation" && token.name === "[") {
        found.push({ kind: "strings", strings: this.#stringList(), at: token.at });
      } else return found;
      this.#step();
    }
  }

  /** Stops on the closing bracket. */
  #stringList(): StringNode[] {
    const strings: StringNode[] = [];
    do {
      this.#step();
      const token = this.#token;
      if (token.kind !== "string") throw this.#expected("a string");
      strings.push(token);
      this.#step();
    } while (this.#token.kind === "punctuation" && this.#token.name === ",");
    if (this.#token.kind !== "punctuation" || this.#token.name !== "]") {
      throw this.#expected('"," or "]" in a list of strings');
    }
    return strings;
  }

  #skip(name: string): boolean {
    if (this.#token.kind !== "punctuation" || this.#token.name !== name) return false;
    this.#step();
    return true;
  }

  #step(): void {
    const next = this.#tokens.next();
    if (!next.done) this.#token = next.value;
  }

  #expected(what: string): ScriptProblem {
    return new ScriptProblem(this.#token.at, `expected ${what}, got ${describe(this.#token)}`);
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case "identifier":
      return token.name;
    case "tag":
      return `:${token.name}`;
    case "number":
      return `the number ${token.value}`;
    case "string":
      return "a string";
    case "punctuation":
      return `"${token.name}"`;
    case "end":
      return "the end of the script";
  }
}
