/** Cases of the Sieve language: a script, a message, what is to be done. Held against Pigeonhole too, in tests/system. */
import type { MESSAGES } from "./messages.ts";

/** As `inWords` writes actions: `keep`, `fileinto A/B \Seen todo`, `redirect a@b.example`, `discard`, `reject no`. */
type Expected =
  | string[]
  /** The script is not taken; the text is a part of `line:column message`. */
  | { refused: string }
  /** It fails while it runs, and the message is kept. */
  | { fails: string };

export interface Case {
  /** With the section that it shows. */
  name: string;
  script: string;
  message: keyof typeof MESSAGES;
  envelope: { from: string; to: string };
  /** Folders that there are beside the inbox. */
  folders: string[];
  expected: Expected;
  /** Why Pigeonhole cannot be asked, or answers otherwise. */
  apart?: string;
}

type Options = Partial<Pick<Case, "message" | "envelope" | "folders" | "apart">>;

const ENVELOPE = { from: "ann+news@example.org", to: "bob+work@example.com" };

export function run(name: string, script: string, expected: Expected, options: Options = {}): Case {
  return { name, script, expected, message: "plain", envelope: ENVELOPE, folders: [], ...options };
}

/** A test alone: what is not discarded is kept. `needs`: the capabilities, between spaces. */
function answer(name: string, needs: string, test: string, expected: string[], options: Options): Case {
  const names = needs.split(" ").filter((one) => one !== "");
  const require = names.length === 0 ? "" : `require [${names.map((one) => `"${one}"`).join(", ")}];\n`;
  return run(name, `${require}if ${test} { discard; }\n`, expected, options);
}

export const holds = (name: string, needs: string, test: string, options: Options = {}): Case =>
  answer(name, needs, test, ["discard"], options);

export const fails = (name: string, needs: string, test: string, options: Options = {}): Case =>
  answer(name, needs, test, ["keep"], options);
