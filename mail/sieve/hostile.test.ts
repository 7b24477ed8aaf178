// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** Scripts that nobody would write: whatever they are, there is an answer, and soon. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CASES } from "./cases/cases.ts";
import { MESSAGES } from "./cases/messages.ts";
import { compileScript } from "./compile-script.ts";
import type { MessageView } from "./message-view.ts";
import { runScript } from "./run-script.ts";
import { CAPABILITIES, COMMANDS, TESTS } from "./signatures.ts";
import { viewMessage } from "./view-message.ts";

const surroundings = { now: 0, folderExists: () => true };
const messages = Object.values(MESSAGES).map((text) =>
  viewMessage(new TextEncoder().encode(text), { from: "a@b.example", to: ["c@d.example"] }),
);

/** Everything that a script can make happen: issues with places, or actions of known kinds. Never an exception. */
function survives(script: string): void {
  const compiled = compileScript(script);
  if (!compiled.ok) {
    expect(compiled.error.issues.length).toBeGreaterThan(0);
    for (const { line, column, message } of compiled.error.issues) {
      expect(line).toBeLessThanOrEqual(script.split("\n").length);
      expect(Math.min(line, column, message.length)).toBeGreaterThan(0);
    }
    return;
  }
  for (const message of messages) {
    const { actions, error } = runScript(compiled.value, message, surroundings);
    expect(actions.length).toBeGreaterThan(0);
    if (error !== null) expect(actions).toEqual([{ action: "keep", flags: [] }]);
  }
}

const required = `require [${CAPABILITIES.map((one) => `"${one}"`).join(", ")}];\n`;

const words = fc.constantFrom(
  ...Object.keys(COMMANDS),
  ...Object.keys(TESTS),
  ...[":is", ":matches", ":contains", ":value", ":count", ":flags", ":copy", ":comparator", ":content", ":index"],
  ...[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    "{ keep; }",
    "true",
    '"subject"',
    '"*"',
    '"${a}"',
    '"gt"',
    '"a@b.example"',
  ],
  ...["1", "9K", "text:\nx\n.\n", "constructor", "__proto__", '"', "/*", "#", "\u0000", "é", '["a", "b"]'],
);

describe("a script", () => {
  it("of random characters is answered", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), { numRuns: 2000 });
  });

  it("of the language's own words is answered", () => {
    const scripts = fc.array(words, { maxLength: 40 }).map((parts) => required + parts.join(" "));
    fc.assert(fc.property(scripts, survives), { numRuns: 2000 });
  });

  it("of the cases, changed somewhere, is answered", () => {
    const changed = fc
      .tuple(fc.constantFrom(...CASES.map(({ script }) => script)), fc.nat(), fc.nat(5), words)
      .map(([script, place, cut, word]) => {
        const at = place % (script.length + 1);
        return script.slice(0, at) + word + script.slice(at + cut);
      });
    fc.assert(fc.property(changed, survives), { numRuns: 2000 });
  });

  it.each([
    ["open blocks", "if true {".repeat(7000)],
    ["open brackets", "[".repeat(65_000)],
    ["open parentheses", "if anyof(".repeat(7000)],
    ["negations", `if ${"not ".repeat(16_000)}true {}`],
    ["one long string", `redirect "${"a".repeat(65_000)}";`],
    ["backslashes", `redirect "${"\\".repeat(65_000)}`],
    ["comments", "/**/".repeat(16_000)],
    ["an open comment after many", `${"/* */ ".repeat(10_000)}/*`],
    ["a list of many strings", `if header "a" [${'"b",'.repeat(16_000)}"c"] {}`],
    ["too long", "#".repeat(70_000)],
    ["dots", `redirect text:\n${"..\n".repeat(20_000)}`],
    ["dollars", `require "variables"; redirect "${"${".repeat(30_000)}";`],
  ])("of %s is answered", (_name, script) => survives(script));
});

describe("work is bounded", () => {
  const large: MessageView = {
    header: () => ["a".repeat(60_000)],
    addresses: () => [["a@b.example"]],
    envelope: { from: "", to: [] },
    size: 1,
    rawBody: () => "a".repeat(1024 * 1024),
    text: () => "a".repeat(1024 * 1024),
    bodyParts: () => [],
  };
  const run = (script: string) => {
    const compiled = compileScript(script);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error.issues));
    return runScript(compiled.value, large, surroundings);
  };
  const keys = (count: number, key: string) => `[${Array.from({ length: count }, (_, n) => `"${key}${n}"`).join(",")}]`;

  it("a thousand keys over a large body are too much, and the message is kept", () => {
    const { actions, error } = run(`require "body"; if body :contains ${keys(1000, "b")} { discard; }`);
    expect(error).toContain("too much to compare");
    expect(actions).toEqual([{ action: "keep", flags: [] }]);
  });

  it("twenty are not", () => {
    expect(run(`require "body"; if not body :contains ${keys(20, "b")} { discard; }`)).toEqual({
      actions: [{ action: "discard" }],
      error: null,
    });
  });

  it("stars over a long field, again and again, are too much", () => {
    const stars = `if header :matches "subject" ${keys(400, "*a*a*a*a*a*a*?b")} { stop; }`;
    expect(run(`${stars} ${stars} discard;`).error).toContain("too much to compare");
  });

  it.each([
    ["contains", ":contains", ""],
    ["matches", ":matches", "*"],
    ["matches behind any one character", ":matches", "*?"],
    ["matches before any one character", ":matches", "*a?"],
  ])("a long text that is nearly everywhere is too much, and soon: %s", (_what, type, before) => {
    const doubling = 'set "a" "${a}${a}";'.repeat(12);
    const long = "${a}".repeat(7);
    const key = `${before}${long}b${long}${before === "" ? "" : "*"}`;
    const start = performance.now();
    const { error } = run(
      `require ["variables", "body"]; set "a" "a"; ${doubling} if body ${type} ["${key}", "${key}"] { discard; }`,
    );
    expect(error).toContain("too much to compare");
    // Without a bound it takes half a minute.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("a large text with letters of other scripts, again and again, is too much, and soon", () => {
    const text = "\u00e9a".repeat(500_000);
    const compiled = compileScript(`require "body"; if body :contains ${keys(1000, "\u00e9b")} { discard; }`);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error.issues));
    const start = performance.now();
    const { error } = runScript(compiled.value, { ...large, text: () => text }, surroundings);
    expect(error).toContain("too much to compare");
    // Twice as long and more where each run of letters was folded by itself.
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it("case is that of ASCII alone, in long texts too", () => {
    const text = `${"\u00e9\u0130a".repeat(5000)}\ud83d\ude00z`;
    const isText = (key: string) => {
      const compiled = compileScript(`require "body"; if body :contains "${key}" { discard; }`);
      return compiled.ok && runScript(compiled.value, { ...large, text: () => text }, surroundings).actions[0]?.action;
    };
    expect(isText("\u00e9\u0130A\ud83d\ude00Z")).toBe("discard");
    expect(isText("\u00c9\u0130A")).toBe("keep");
  });

  it("a variable that doubles itself stays within its limit", () => {
    const doubling = 'set "a" "${a}${a}";'.repeat(100);
    expect(
      run(
        `require ["variables", "fileinto"]; set "a" "x"; ${doubling} if string :matches "\${a}" "*" { fileinto "\${1}"; }`,
      ),
    ).toEqual({
      actions: [{ action: "fileinto", folder: "x".repeat(4096), flags: [], create: false }],
      error: null,
    });
  });

  it("a text of a very large variable many times is an error", () => {
    const doubling = 'set "a" "${a}${a}";'.repeat(12);
    const { error } = run(
      `require ["variables", "fileinto"]; set "a" "x"; ${doubling} fileinto "${"${a}".repeat(20)}";`,
    );
    expect(error).toContain("too long");
  });

  it("more variables than there may be are an error", () => {
    const many = Array.from({ length: 300 }, (_, n) => `set "v${n}" "x";`).join("");
    expect(run(`require "variables"; ${many}`).error).toContain("at most 256 variables");
  });
});
