/** Every case, over its message, by its clock. */
import { expect, it } from "vitest";
import { compileScript } from "../compile-script.ts";
import { runScript } from "../run-script.ts";
import { viewMessage } from "../view-message.ts";
import type { Case } from "./case.ts";
import { CASES } from "./cases.ts";
import { inWords } from "./in-words.ts";
import { MESSAGES } from "./messages.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

it.each(CASES.map((one): [string, Case] => [one.name, one]))("%s", (_name, { script, expected, ...about }) => {
  const compiled = compileScript(script);
  if (!compiled.ok) {
    const told = compiled.error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`).join("\n");
    expect({ refused: told }).toEqual({
      refused: expect.stringContaining("refused" in expected ? expected.refused : "nothing"),
    });
    return;
  }
  const { from, to } = about.envelope;
  const message = viewMessage(new TextEncoder().encode(MESSAGES[about.message]), { from, to: [to] });
  const folders = ["INBOX", ...about.folders];
  const { actions, error } = runScript(compiled.value, message, {
    now: NOW,
    folderExists: (name) => folders.includes(name),
  });
  if ("fails" in expected) {
    expect(error).toContain(expected.fails);
    expect(actions.map(inWords)).toEqual(["keep"]);
  } else expect({ actions: actions.map(inWords), error }).toEqual({ actions: expected, error: null });
});

it("no two cases have one name, and each says its section", () => {
  const names = CASES.map(({ name }) => name);
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  expect(names.filter((name) => !/^RFC \d+ §\d+(\.\d+)*: /.test(name))).toEqual([]);
});
