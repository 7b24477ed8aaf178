/** Actions and the other commands that stand for themselves, checked and typed. */

import { parseAddress } from "../address/address.ts";
import { constantVariable, texts } from "./compile-test.ts";
import { compileText, constantText, textOf } from "./compile-text.ts";
import type { CommandNode, StringNode } from "./parse-script.ts";
import type { Command, Modifier, Template } from "./program.ts";
import type { Arguments } from "./read-arguments.ts";
import { ScriptProblem } from "./script-problem.ts";

type Required = ReadonlySet<string>;

export function compileCommand(node: CommandNode, given: Arguments, required: Required): Command {
  const text = (string: StringNode) => compileText(string, required);
  const flags = () => (given.has("flags") ? texts(given.tagStrings("flags") ?? [], required) : null);
  switch (node.name) {
    case "stop":
    case "discard":
      return { command: node.name };
    case "keep":
      return { command: "keep", flags: flags() };
    case "fileinto": {
      const [copy, create] = [given.has("copy"), given.has("create")];
      return { command: "fileinto", folder: text(given.string(0)), flags: flags(), copy, create };
    }
    case "redirect":
      return { command: "redirect", address: addressText(given.string(0), required), copy: given.has("copy") };
    case "reject":
    case "ereject":
      return { command: node.name, reason: text(given.string(0)) };
    case "setflag":
    case "addflag":
    case "removeflag": {
      const variable = given.length === 2 ? constantVariable(given.string(0), required) : null;
      return { command: node.name, variable, flags: texts(given.strings(-1), required) };
    }
    case "set":
      return {
        command: "set",
        name: constantVariable(given.string(0), required),
        value: text(given.string(1)),
        modifiers: MODIFIERS.filter((modifier) => given.has(modifier)),
      };
    case "vacation":
      return vacation(given, required);
    default:
      throw new ScriptProblem(node.at, `there is no command ${node.name}`);
  }
}

/** In the order in which they are applied (RFC 5229 §4.1). */
const MODIFIERS: readonly Modifier[] = ["lower", "upper", "lowerfirst", "upperfirst", "quotewildcard", "length"];

function vacation(given: Arguments, required: Required): Command {
  const optional = (tag: string) => {
    const string = given.tagString(tag);
    return string === null ? null : compileText(string, required);
  };
  const from = given.tagString("from");
  return {
    command: "vacation",
    reason: compileText(given.string(0), required),
    // RFC 5230 §4.1: the least is a day, however little was asked for.
    days: given.has("days") ? Math.max(1, given.tagNumber("days")?.value ?? 1) : null,
    subject: optional("subject"),
    from: from === null ? null : mailboxText(from, required),
    addresses: texts(given.tagStrings("addresses") ?? [], required),
    mime: given.has("mime"),
    handle: given.has("handle")
      ? [constantText(given.tagString("handle") ?? { value: "", at: 0 }, ":handle", required)]
      : null,
  };
}

/** RFC 5228 §2.4.2.3: an address that is written out is checked before the script is taken. */
function addressText(string: StringNode, required: Required): Template {
  const address = compileText(string, required);
  const text = textOf(address);
  if (text !== null && !parseAddress(text).ok) {
    throw new ScriptProblem(string.at, `${JSON.stringify(text)} is no address`);
  }
  return address;
}

/** An address with or without a name before it, as in From. */
function mailboxText(string: StringNode, required: Required): Template {
  const mailbox = compileText(string, required);
  const text = textOf(mailbox);
  const bare = text === null ? null : (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim());
  if (bare !== null && !parseAddress(bare).ok) {
    throw new ScriptProblem(string.at, `${JSON.stringify(text)} is no address`);
  }
  return mailbox;
}
