import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { query, queryText } from "./fixtures/arbitrary-query.ts";
import { parseQuery } from "./parse-query.ts";
import { printQuery } from "./print-query.ts";

describe("a query", () => {
  it.each([
    ["", ""],
    ["  \n ", ""],
    ["hello", "hello"],
    ["hello world", "hello world"],
    ['"hello world"', '"hello world"'],
    ["“hello world”", '"hello world"'],
    ["from:ann", "from:ann"],
    ["FROM:ann@mesh.test", "from:ann@mesh.test"],
    ['from:"Ann Lee" to:bob subject:"q1 report"', 'from:"Ann Lee" to:bob subject:"q1 report"'],
    ["subject:(dinner movie)", "subject:dinner subject:movie"],
    ["subject:{dinner movie} x", "(subject:dinner OR subject:movie) x"],
    ["from:(ann OR -to:bob)", "from:ann OR -to:bob"],
    ["-spam", "-spam"],
    ["--spam", "spam"],
    ["-(a b)", "-(a b)"],
    ['-"a b"', '-"a b"'],
    ["-from:ann", "-from:ann"],
    ["well-known e-mail", "well-known e-mail"],
    ["a OR b", "a OR b"],
    ["a b OR c d", "a (b OR c) d"],
    ["a OR b OR c", "a OR b OR c"],
    ["(a b) OR c", "(a b) OR c"],
    ["a AND b", "a b"],
    ["a or b and c", "a or b and c"],
    ["{a b -c}", "a OR b OR -c"],
    ["{(a b) {c d}}", "(a b) OR c OR d"],
    ["((((a))))", "a"],
    ["a(b)c", "a b c"],
    ['a"b c"d', 'a "b c" d'],
    ['in:inbox in:"My Folder"', 'in:inbox in:"My Folder"'],
    ["is:read is:UNREAD is:starred is:flagged is:draft", "is:read is:unread is:flagged is:flagged is:draft"],
    ["has:attachment", "has:attachment"],
    ["before:2024-02-29 after:2024/1/5", "before:2024-02-29 after:2024-01-05"],
    ["before:2024-02 after:2024", "before:2024-02 after:2024"],
    ["before:2024/3/1 older:2024/3/1 newer:2023", "before:2024-03-01 before:2024-03-01 after:2023"],
    [
      "older_than:3d newer_than:2W older_than:1m newer_than:1y",
      "older_than:3d newer_than:2w older_than:1m newer_than:1y",
    ],
    ["larger:5M size:500k smaller:1.5GB", "larger:5242880 larger:512000 smaller:1610612736"],
    ["larger:10 smaller:10b size:1kib size:2MB", "larger:10 smaller:10 larger:1024 larger:2097152"],
    ["cc:ann bcc:bob@mesh.test", "cc:ann bcc:bob@mesh.test"],
    ["filename:report.pdf filename:(a OR b)", "filename:report.pdf (filename:a OR filename:b)"],
    ["list:dev.lists.example.org", "list:dev.lists.example.org"],
    ["label:work", "in:work"],
    ["has:pdf -has:IMAGE", "has:pdf -has:image"],
    ["rfc822msgid:<a@b>", "rfc822msgid:a@b"],
    ["deliveredto:Ann+Tag@mesh.test", "deliveredto:ann+tag@mesh.test"],
    ['rfc822msgid:"<a(b)@c>"', 'rfc822msgid:"a(b)@c"'],
    ["https://mesh.test/a?b=c", '"https://mesh.test/a?b=c"'],
    ["10:30", '"10:30"'],
    ["日本語", "日本語"],
  ])("%s means %s", (text, meaning) => {
    const parsed = parseQuery(text);
    expect(printQuery(parsed.query)).toBe(meaning);
    expect(parsed.taken_as_words).toEqual([]);
  });

  it.each([
    ["foo:bar", '"foo:bar"', [[0, "foo:bar", "unknown_operator"]]],
    ["constructor:x", '"constructor:x"', [[0, "constructor:x", "unknown_operator"]]],
    ["a before:soon", 'a "before:soon"', [[2, "before:soon", "bad_date"]]],
    ["after:2023-02-29", '"after:2023-02-29"', [[0, "after:2023-02-29", "bad_date"]]],
    ["before:2024-01/02", '"before:2024-01/02"', [[0, "before:2024-01/02", "bad_date"]]],
    ["older_than:1h", '"older_than:1h"', [[0, "older_than:1h", "bad_age"]]],
    ["newer_than:-1d", '"newer_than:-1d"', [[0, "newer_than:-1d", "bad_age"]]],
    ["larger:huge", '"larger:huge"', [[0, "larger:huge", "bad_size"]]],
    ["size:1.5.5M", '"size:1.5.5M"', [[0, "size:1.5.5M", "bad_size"]]],
    ["rfc822msgid:<>", "", [[0, "rfc822msgid:<>", "nothing_to_search"]]],
    ["-is:happy", '-"is:happy"', [[1, "is:happy", "unknown_state"]]],
    ["has:fun", '"has:fun"', [[0, "has:fun", "unknown_value"]]],
    ["from: ann", '"from:" ann', [[0, "from:", "empty_value"]]],
    [
      'from:"" x',
      '"from:" x',
      [
        [0, "from:", "empty_value"],
        [5, "", "nothing_to_search"],
      ],
    ],
    ["a - b", "a b", [[2, "-", "lone_minus"]]],
    ["a -", "a", [[2, "-", "lone_minus"]]],
    ["---", "", [[2, "-", "lone_minus"]]],
    ['say "hello', "say hello", [[4, '"', "unbalanced_quote"]]],
    ["(a b", "a b", [[0, "(", "unbalanced_bracket"]]],
    ["a) b", "a b", [[1, ")", "unbalanced_bracket"]]],
    ["(a} b)", "a b", [[2, "}", "unbalanced_bracket"]]],
    ["({a) b", "a b", [[1, "{", "unbalanced_bracket"]]],
    [
      ":-)",
      "",
      [
        [0, ":-", "nothing_to_search"],
        [2, ")", "unbalanced_bracket"],
      ],
    ],
    ["() a", "a", [[0, "(", "empty_group"]]],
    ["OR a", '"OR" a', [[0, "OR", "lone_keyword"]]],
    ["a OR", 'a "OR"', [[2, "OR", "lone_keyword"]]],
    ["a AND (OR)", 'a "OR"', [[7, "OR", "lone_keyword"]]],
    ["\u{1f600} a", "a", [[0, "\u{1f600}", "nothing_to_search"]]],
    ["-\u{1f600}", "", [[1, "\u{1f600}", "nothing_to_search"]]],
    ["a OR \u{1f600} b", "a b", [[5, "\u{1f600}", "nothing_to_search"]]],
    ["a \u{1f600} OR b", "a b", [[2, "\u{1f600}", "nothing_to_search"]]],
    ['subject:"!!"', "", [[0, 'subject:"!!"', "nothing_to_search"]]],
  ])("%s is searched as %s, and says so", (text, meaning, taken) => {
    const parsed = parseQuery(text);
    expect(printQuery(parsed.query)).toBe(meaning);
    expect(parsed.taken_as_words.map(({ at, text: piece, reason }) => [at, piece, reason])).toEqual(taken);
  });

  it("has an end, at 1000 characters, 64 terms and 20 brackets", () => {
    const long = parseQuery(`${"a".repeat(1000)} rest`);
    expect(long.taken_as_words).toEqual([{ at: 1000, text: " rest", reason: "too_long" }]);
    const many = parseQuery("a ".repeat(70));
    expect(many.query.kind === "and" && many.query.of.length).toBe(64);
    expect(many.taken_as_words).toHaveLength(6);
    expect(many.taken_as_words[0]).toEqual({ at: 128, text: "a", reason: "too_many_terms" });
    const deep = parseQuery(`${"(".repeat(25)}a${")".repeat(25)}`);
    expect(printQuery(deep.query)).toBe("a");
    expect(deep.taken_as_words.filter(({ reason }) => reason === "too_deep")).toHaveLength(5);
  });

  it("of any text is a query, and each report is at its place", () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const { query: parsed, taken_as_words } = parseQuery(text);
        for (const taken of taken_as_words) {
          expect(taken.at).toBeLessThan(Math.max(1, text.length));
          if (taken.reason !== "nothing_to_search") continue;
          expect(text.toWellFormed().slice(taken.at)).toContain(taken.text.slice(-1));
        }
        expect(parseQuery(printQuery(parsed)).query).toEqual(parsed);
      }),
      { numRuns: 3000, seed: 16 },
    );
  });

  it("that is printed parses as itself", () => {
    fc.assert(
      fc.property(query, (tree) => {
        const text = printQuery(tree);
        fc.pre(text.length <= 1000);
        expect([text, parseQuery(text)]).toEqual([text, { query: tree, taken_as_words: [] }]);
      }),
      { numRuns: 2000, seed: 17 },
    );
  });

  it("takes time that grows with its length alone", () => {
    const start = performance.now();
    for (const unit of ["(", "{", '"', "-", "a:", "OR ", "-(", "from:(", ") ", "a ", '"a'])
      for (let n = 0; n < 10; n++) parseQuery(unit.repeat(1000));
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
