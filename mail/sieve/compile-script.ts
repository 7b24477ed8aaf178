/** A script's text to a program that can be run, or every mistake that is in it. */

import { ok } from "../result.ts";
import { compileCommand } from "./compile-command.ts";
import { checkTests, compileTest } from "./compile-test.ts";
import { constantText } from "./compile-text.ts";
import { MAX_ISSUES, MAX_SCRIPT_LENGTH } from "./limits.ts";
import { type CommandNode, parseScript } from "./parse-script.ts";
import type { Command, Program } from "./program.ts";
import { needCapability, readArguments } from "./read-arguments.ts";
import { badScript, type Checked, ScriptProblem } from "./script-problem.ts";
import { CAPABILITIES, COMMANDS, find } from "./signatures.ts";

export function compileScript(text: string): Checked<Program> {
  if (text.length > MAX_SCRIPT_LENGTH) {
    return badScript(text, [new ScriptProblem(0, `a script is at most ${MAX_SCRIPT_LENGTH} characters long`)]);
  }
  const compiler = new Compiler();
  try {
    const program = compiler.script(parseScript(text));
    if (compiler.problems.length === 0) return ok(program);
  } catch (error) {
    if (!(error instanceof ScriptProblem)) throw error;
    compiler.problems.push(error);
  }
  return badScript(text, compiler.problems.slice(0, MAX_ISSUES));
}

/** Goes on after a mistake, so that its author hears of all at once. */
class Compiler {
  readonly problems: ScriptProblem[] = [];
  readonly #required = new Set<string>();

  script(nodes: CommandNode[]): Program {
    // RFC 5228 §3.2: require stands before all other commands.
    const first = nodes.findIndex(({ name }) => name !== "require");
    const start = first < 0 ? nodes.length : first;
    for (const node of nodes.slice(0, start)) this.#attempt(() => this.#require(node));
    return { capabilities: this.#required, commands: this.#block(nodes.slice(start)) };
  }

  #require(node: CommandNode): void {
    const given = readArguments(node, COMMANDS.require ?? {}, this.#required);
    checkShape(node, { has_block: false });
    for (const string of given.strings(0)) {
      const name = constantText(string, "a capability", new Set());
      const isKnown = CAPABILITIES.some((capability) => capability === name);
      if (isKnown) this.#required.add(name);
      else this.problems.push(new ScriptProblem(string.at, `there is no capability ${JSON.stringify(name)} here`));
    }
  }

  #block(nodes: readonly CommandNode[]): Command[] {
    const commands: Command[] = [];
    let branches: Extract<Command, { command: "if" }>["branches"] | null = null;
    for (const node of nodes) {
      this.#attempt(() => {
        if (node.name === "if") {
          branches = [];
          commands.push({ command: "if", branches });
        } else if (node.name === "elsif" || node.name === "else") {
          // RFC 5228 §3.1: they follow an if or elsif.
          if (branches === null) throw new ScriptProblem(node.at, `${node.name} must follow if or elsif`);
        } else branches = null;
        if (branches === null) commands.push(this.#command(node));
        else branches.push(this.#branch(node));
      });
      if (node.name === "else") branches = null;
    }
    return commands;
  }

  #branch(node: CommandNode) {
    const when = this.#attempt(() => {
      this.#arguments(node);
      return node.tests[0] === undefined ? null : compileTest(node.tests[0], this.#required);
    });
    return { when: when ?? null, block: this.#block(node.block ?? []) };
  }

  #command(node: CommandNode): Command {
    if (node.name === "require") throw new ScriptProblem(node.at, "require must stand before all other commands");
    return compileCommand(node, this.#arguments(node), this.#required);
  }

  #arguments(node: CommandNode) {
    const signature = find(COMMANDS, node.name);
    if (signature === undefined) throw new ScriptProblem(node.at, `there is no command ${node.name}`);
    needCapability(signature.capability, node.name, node.at, this.#required);
    const given = readArguments(node, signature, this.#required);
    checkTests(node, signature.tests);
    checkShape(node, { has_block: signature.has_block ?? false });
    return given;
  }

  #attempt<Value>(step: () => Value): Value | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof ScriptProblem)) throw error;
      this.problems.push(error);
      return undefined;
    }
  }
}

function checkShape(node: CommandNode, { has_block }: { has_block: boolean }): void {
  if (has_block && node.block === null) throw new ScriptProblem(node.at, `${node.name} takes a block`);
  if (!has_block && node.block !== null)
    throw new ScriptProblem(node.at, `${node.name} takes no block, it ends with ";"`);
}
