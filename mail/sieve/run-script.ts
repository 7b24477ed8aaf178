/** Runs a program over a message (RFC 5228 §2.10): what is to be done comes out, and nothing is done. */
import { compare, Work } from "./compare.ts";
import { SieveFailure } from "./failure.ts";
import { changeFlags, flagsIn } from "./flags.ts";
import type { MessageView, Surroundings } from "./message-view.ts";
import { type Action, Outcome } from "./outcome.ts";
import type { Command, Program, Template, Test } from "./program.ts";
import { valuesOf } from "./values.ts";
import { modified, Variables } from "./variables.ts";

export type { Action } from "./outcome.ts";

export interface SieveResult {
  /** With the implicit keep resolved: empty only where the script said discard, or that something else is done. */
  actions: Action[];
  /** Why the script could not be run to its end. Then the message is kept, and nothing else is done. */
  error: string | null;
}

export function runScript(program: Program, message: MessageView, surroundings: Surroundings): SieveResult {
  const run = new Run(program, message, surroundings);
  try {
    return { actions: run.actions(), error: null };
  } catch (error) {
    if (!(error instanceof SieveFailure)) throw error;
    // RFC 5228 §2.10.6: an error keeps the message. Flags that were set until then may be the mistake: they are not.
    return { actions: [{ action: "keep", flags: [] }], error: error.message };
  }
}

/** To look for a folder among all of them. */
const FOLDER_WORK = 16 * 1024;

export class Run {
  readonly message: MessageView;
  readonly surroundings: Surroundings;
  readonly variables = new Variables();
  /** The internal variable of RFC 5232 §2. */
  flags: string[] = [];

  readonly #program: Program;
  readonly #work = new Work();
  readonly #outcome = new Outcome();

  constructor(program: Program, message: MessageView, surroundings: Surroundings) {
    this.#program = program;
    this.message = message;
    this.surroundings = surroundings;
  }

  actions(): Action[] {
    this.#block(this.#program.commands);
    return this.#outcome.resolved(this.flags);
  }

  /** Field names are compared without case (RFC 5228 §2.4.2.2). */
  fieldName(template: Template): string {
    return this.variables.expand(template).toLowerCase();
  }

  /** Whether to go on: false after `stop`. */
  #block(commands: readonly Command[]): boolean {
    return commands.every((command) => this.#command(command));
  }

  #command(command: Command): boolean {
    switch (command.command) {
      case "stop":
        return false;
      case "if": {
        const taken = command.branches.find(({ when }) => when === null || this.#test(when));
        return taken === undefined || this.#block(taken.block);
      }
      case "set":
        this.variables.set(command.name, modified(this.variables.expand(command.value), command.modifiers));
        return true;
      case "setflag":
      case "addflag":
      case "removeflag":
        this.#changeFlags(command);
        return true;
      default:
        this.#act(command);
        return true;
    }
  }

  #changeFlags({ command, variable, flags }: Extract<Command, { flags: Template[]; variable: string | null }>): void {
    const given = this.#texts(flags);
    if (variable === null) this.flags = changeFlags(this.flags, command, given);
    else {
      const present = flagsIn([this.variables.get(variable)]);
      this.variables.set(variable, changeFlags(present, command, given).join(" "));
    }
  }

  #act(command: Exclude<Command, { command: "stop" | "if" | "set" | "setflag" | "addflag" | "removeflag" }>): void {
    const { variables } = this;
    const flagsOf = (flags: Template[] | null) => (flags === null ? this.flags : flagsIn(this.#texts(flags)));
    switch (command.command) {
      case "keep":
        this.#outcome.keep(flagsOf(command.flags));
        break;
      case "discard":
        this.#outcome.discard();
        break;
      case "fileinto": {
        const { copy, create } = command;
        const folder = variables.expand(command.folder);
        this.#outcome.fileinto({ folder, flags: flagsOf(command.flags), create }, copy);
        break;
      }
      case "redirect":
        this.#outcome.redirect(variables.expand(command.address), command.copy);
        break;
      case "reject":
      case "ereject":
        this.#outcome.reject(variables.expand(command.reason));
        break;
      case "vacation": {
        const { days, mime } = command;
        const text = (template: Template | null) => (template === null ? null : variables.expand(template));
        this.#outcome.vacation({
          reason: variables.expand(command.reason),
          days,
          subject: text(command.subject),
          from: text(command.from),
          addresses: this.#texts(command.addresses),
          mime,
          handle: text(command.handle),
        });
        break;
      }
    }
  }

  #test(test: Test): boolean {
    switch (test.test) {
      case "true":
        return true;
      case "false":
        return false;
      case "not":
        return !this.#test(test.negated);
      case "allof":
        return test.tests.every((one) => this.#test(one));
      case "anyof":
        return test.tests.some((one) => this.#test(one));
      case "exists":
        return test.names.every((name) => this.message.header(this.fieldName(name)).length > 0);
      case "size":
        return test.is === "over" ? this.message.size > test.limit : this.message.size < test.limit;
      case "mailboxexists":
        return this.#texts(test.folders).every((folder) => {
          this.#work.spend(FOLDER_WORK);
          return this.surroundings.folderExists(folder);
        });
      case "compare":
        return this.#compare(test);
    }
  }

  #compare({ source, matching, keys }: Extract<Test, { test: "compare" }>): boolean {
    const values = valuesOf(source, this);
    const expanded = this.#keys(source.of, keys);
    if (matching.type === "count") {
      // RFC 5229 §5: of strings, those that are not empty are counted.
      const count = source.of === "string" ? values.filter((value) => value !== "").length : values.length;
      return expanded.some((key) => compare(String(count), key, matching, this.#work) !== null);
    }
    for (const value of values) {
      for (const key of expanded) {
        const taken = compare(value, key, matching, this.#work);
        if (taken === null) continue;
        // RFC 5173 §6: a body is too large to be taken apart into variables.
        if (matching.type === "matches" && source.of !== "body") this.variables.setMatches(taken);
        return true;
      }
    }
    return false;
  }

  /** RFC 5232 §4: keys of hasflag are lists of flags themselves. */
  #keys(of: string, keys: readonly Template[]): string[] {
    const texts = this.#texts(keys);
    return of === "flags" ? texts.flatMap((text) => text.split(" ").filter((flag) => flag !== "")) : texts;
  }

  #texts(templates: readonly Template[]): string[] {
    return templates.map((template) => this.variables.expand(template));
  }
}
