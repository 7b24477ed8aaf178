import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexable, tokens } from "../text/index-text.ts";
import { momentOfAge, startOfDate } from "./calendar.ts";
import { query, queryText } from "./fixtures/arbitrary-query.ts";
import { INDEX_COLUMNS, type IndexColumn } from "./match-expression.ts";
import { parseQuery } from "./parse-query.ts";
import type { Query, TextField } from "./query.ts";
import { type Condition, type Filter, planSearch, type SearchPlan } from "./search-plan.ts";

const NOW = Date.UTC(2024, 11, 31, 12);

function plan(text: string, time_zone = "UTC") {
  return planSearch(parseQuery(text).query, { now: NOW, time_zone });
}
const filter = (of: Filter, negated = false): Condition => ({ kind: "filter", filter: of, negated });
const match = (expression: string, negated = false): Condition => ({ kind: "match", match: expression, negated });

describe("a plan", () => {
  it.each<[string, string | null, Condition[]]>([
    ["", null, []],
    ["Hello", '"hello"', []],
    ["well-known Straße", '("well known" AND "strasse")', []],
    ["日本語", '"日 本 語"', []],
    ["from:ann to:bob subject:x", '(sender : "ann" AND {recipients cc bcc} : "bob" AND subject : "x")', []],
    ["a -b -c", '"a" NOT ("b" OR "c")', []],
    ["-a", null, [match('"a"', true)]],
    ["-a -b", null, [match('("a" OR "b")', true)]],
    ["a OR b", '("a" OR "b")', []],
    ["a OR -b", null, [match('"b" NOT "a"', true)]],
    ["-(a OR -b)", '"b" NOT "a"', []],
    ["a is:unread", '"a"', [filter({ kind: "is", state: "unread" })]],
    ["-is:read in:inbox", null, [filter({ kind: "is", state: "read" }, true), filter({ kind: "in", folder: "inbox" })]],
    ["-a is:unread", null, [match('"a"', true), filter({ kind: "is", state: "unread" })]],
    [
      "a OR is:unread OR b",
      null,
      [{ kind: "or", of: [match('("a" OR "b")'), filter({ kind: "is", state: "unread" })] }],
    ],
    [
      "c (a OR is:unread) has:attachment",
      '"c"',
      [
        { kind: "or", of: [match('"a"'), filter({ kind: "is", state: "unread" })] },
        filter({ kind: "has", what: "attachment" }),
      ],
    ],
    ["-(a is:unread)", null, [{ kind: "or", of: [match('"a"', true), filter({ kind: "is", state: "unread" }, true)] }]],
  ])("of %s is driven by %s, besides %j", (text, driving, conditions) => {
    expect(plan(text)).toEqual({ match: driving, conditions });
  });

  it.each([
    ["after:2024-03-10", "UTC", "2024-03-10T00:00:00Z"],
    ["before:2024-03-10", "Europe/Helsinki", "2024-03-09T22:00:00Z"],
    ["before:2024-07", "America/New_York", "2024-07-01T04:00:00Z"],
    ["after:2024", "Asia/Kolkata", "2023-12-31T18:30:00Z"],
    ["older_than:2d", "UTC", "2024-12-29T12:00:00Z"],
    ["newer_than:1w", "Asia/Kolkata", "2024-12-24T12:00:00Z"],
    ["newer_than:1m", "UTC", "2024-11-30T12:00:00Z"],
    ["older_than:2y", "UTC", "2022-12-31T12:00:00Z"],
  ])("of %s in %s begins at %s", (text, zone, moment) => {
    const kind = /^(?:before|older)/.test(text) ? "before" : "after";
    expect(plan(text, zone).conditions).toEqual([filter({ kind, at: Date.parse(moment) })]);
  });
});

describe("a word that is still being typed", () => {
  const expand = (beginning: string) => ["invoice", "invite"].filter((word) => word.startsWith(beginning));
  const typed = (text: string) =>
    planSearch(parseQuery(text, { is_unfinished: true }).query, { now: NOW, time_zone: "UTC", expand }).match;

  it.each([
    ["inv", '("inv" OR "invoice" OR "invite")'],
    ["invoice", '"invoice"'],
    ["inv ", '"inv"'],
    ["inv a", '("inv" AND "a")'],
    ["an inv", '("an" AND ("inv" OR "invoice" OR "invite"))'],
    ["an-inv", '("an inv" OR "an invoice" OR "an invite")'],
    ["from:inv", 'sender : ("inv" OR "invoice" OR "invite")'],
    ["x OR to:invo", '("x" OR {recipients cc bcc} : ("invo" OR "invoice"))'],
    ["(inv", '("inv" OR "invoice" OR "invite")'],
    ['"inv', '("inv" OR "invoice" OR "invite")'],
    ['"inv"', '"inv"'],
    ["a -inv", '"a" NOT ("inv" OR "invoice" OR "invite")'],
  ])("%s is searched as %s", (text, expression) => {
    expect(typed(text)).toBe(expression);
    expect(db.prepare("SELECT count(*) FROM message_fts WHERE message_fts MATCH ?").get(expression)).toBeDefined();
  });
});

interface Row {
  id: number;
  columns: string[];
  folder: string;
  unread: boolean;
  flagged: boolean;
  draft: boolean;
  muted: boolean;
  snoozed: boolean;
  woken: boolean;
  attachment: boolean;
  received: number;
  size: number;
  message_id: string;
  kind: string;
  delivered_to: string;
}

const WORDS = ["alpha", "beta", "gamma", "ete", "日本", "日本語", "or and", "a b", "x y", "dash", "l eau", "10 30"];
const ROWS: Row[] = Array.from({ length: 40 }, (_, n) => ({
  id: n + 1,
  columns: INDEX_COLUMNS.map((_name, column) =>
    [WORDS[(n * 5 + column * 7) % 12], WORDS[(n + column * n) % 12]].join(" "),
  ),
  folder: ["inbox", "My Folder", "-x", "日本"][n % 4] ?? "",
  unread: n % 3 === 0,
  flagged: n % 5 === 0,
  draft: n % 7 === 0,
  muted: n % 6 === 0,
  snoozed: n % 8 === 0,
  woken: n % 9 === 0,
  attachment: n % 2 === 0,
  received: Date.UTC(2024, n % 12, (n % 28) + 1),
  size: [0, 20, 50, 2 ** 40][n % 4] ?? 0,
  message_id: ["a@b", "//y@z", "(a{b@c", ""][n % 4] ?? "",
  kind: ["", "image", "pdf"][n % 3] ?? "",
  delivered_to: n % 2 === 0 ? "ann@mesh.test" : "ann+tag@mesh.test",
}));

const db = new DatabaseSync(":memory:");
db.exec(`
  CREATE TABLE message (id INTEGER PRIMARY KEY, folder TEXT, unread, flagged, draft, muted, snoozed, woken, attachment, received INTEGER, size INTEGER,
    message_id TEXT, kind TEXT, delivered_to TEXT);
  CREATE VIRTUAL TABLE message_fts USING fts5(${INDEX_COLUMNS.join(", ")}, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2');
`);
for (const row of ROWS) {
  db.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
    row.id,
    row.folder,
    Number(row.unread),
    Number(row.flagged),
    Number(row.draft),
    Number(row.muted),
    Number(row.snoozed),
    Number(row.woken),
    Number(row.attachment),
    row.received,
    row.size,
    row.message_id,
    row.kind,
    row.delivered_to,
  );
  db.prepare(`INSERT INTO message_fts (rowid, ${INDEX_COLUMNS.join(", ")}) VALUES (?${", ?".repeat(8)})`).run(
    row.id,
    ...row.columns.map((column) => indexable(column)),
  );
}

/** What the mailbox does with a plan, on a table that is simpler. */
function run({ match: driving, conditions }: SearchPlan): number[] {
  const values: (string | number)[] = [];
  const render = (condition: Condition): string => {
    if (condition.kind === "match") {
      values.push(condition.match);
      return `m.id ${condition.negated ? "NOT " : ""}IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?)`;
    }
    if (condition.kind === "filter") return `${condition.negated ? "NOT " : ""}(${renderFilter(condition.filter)})`;
    return `(${condition.of.map(render).join(condition.kind === "and" ? " AND " : " OR ")})`;
  };
  const renderFilter = (of: Filter): string => {
    switch (of.kind) {
      case "in":
        values.push(of.folder);
        return "m.folder = ?";
      case "is":
        return of.state === "read" ? "NOT m.unread" : `m.${of.state}`;
      case "has":
        if (of.what === "attachment") return "m.attachment";
        values.push(of.what);
        return "m.kind = ?";
      case "larger":
      case "smaller":
        values.push(of.bytes);
        return of.kind === "larger" ? "m.size > ?" : "m.size < ?";
      case "rfc822msgid":
        values.push(of.message_id);
        return "m.message_id = ?";
      case "deliveredto":
        values.push(of.address);
        return "m.delivered_to = ?";
      case "before":
      case "after":
        values.push(of.at);
        return of.kind === "before" ? "m.received < ?" : "m.received >= ?";
    }
  };
  const all = driving === null ? conditions : [match(driving), ...conditions];
  const where = all.length === 0 ? "TRUE" : all.map(render).join(" AND ");
  const rows = db.prepare(`SELECT m.id FROM message m WHERE ${where} ORDER BY m.id`).all(...values);
  return rows.map((row) => Number(row.id));
}

const COLUMNS_OF: Record<TextField, IndexColumn[]> = {
  ...{ from: ["sender"], to: ["recipients", "cc", "bcc"], cc: ["cc"], bcc: ["bcc"] },
  ...{ subject: ["subject"], filename: ["attachment_names"], list: ["list_id"] },
};

/** The same answered row by row, from the tree itself. */
function holds(tree: Query, row: Row): boolean {
  switch (tree.kind) {
    case "everything":
      return true;
    case "not":
      return !holds(tree.of, row);
    case "and":
      return tree.of.every((one) => holds(one, row));
    case "or":
      return tree.of.some((one) => holds(one, row));
    case "text": {
      const searched = tree.field === null ? INDEX_COLUMNS : COLUMNS_OF[tree.field];
      const plain = (text: string) => ` ${tokens(text).join(" ").normalize("NFD").replace(/\p{M}/gu, "")} `;
      return searched.some((column) =>
        plain(row.columns[INDEX_COLUMNS.indexOf(column)] ?? "").includes(plain(tree.text)),
      );
    }
    case "in":
      return row.folder === tree.folder;
    case "is":
      return tree.state === "read" ? !row.unread : row[tree.state];
    case "has":
      return tree.what === "attachment" ? row.attachment : row.kind === tree.what;
    case "before":
      return row.received < startOfDate(tree.date, "UTC");
    case "after":
      return row.received >= startOfDate(tree.date, "UTC");
    case "older_than":
      return row.received < momentOfAge(tree.age, NOW);
    case "newer_than":
      return row.received >= momentOfAge(tree.age, NOW);
    case "larger":
      return row.size > tree.bytes;
    case "smaller":
      return row.size < tree.bytes;
    case "rfc822msgid":
      return row.message_id === tree.message_id;
    case "deliveredto":
      return row.delivered_to === tree.address;
  }
}

describe("the SQL of a plan", () => {
  it("finds what the tree says, however nested", () => {
    fc.assert(
      fc.property(query, (tree) => {
        const expected = ROWS.filter((row) => holds(tree, row)).map((row) => row.id);
        expect(run(planSearch(tree, { now: NOW, time_zone: "UTC" }))).toEqual(expected);
      }),
      { numRuns: 1500, seed: 18 },
    );
  });

  it("is never an error, whatever the query", () => {
    fc.assert(
      fc.property(queryText, (text) => {
        expect(run(plan(text)).length).toBeLessThanOrEqual(ROWS.length);
      }),
      { numRuns: 3000, seed: 19 },
    );
  });

  it.each([
    ["as many terms as there may be", "a -b ".repeat(32)],
    ["as many brackets as there may be", `${"-(a OR (b ".repeat(10)}x${"))".repeat(10)}`],
    ["a word of a thousand characters", "a".repeat(1000)],
    ["five hundred words in a row", `"${"a ".repeat(499)}"`],
    ["words of FTS5", "NEAR(a b, 5) NOT a* ^b col:x + AND"],
    ["quotes in quotes", `"a" "" """ '" "'`],
    ["filters and words by turns", "{a is:unread} ".repeat(32)],
  ])("takes %s", (_what, text) => {
    expect(run(plan(text)).length).toBeLessThanOrEqual(ROWS.length);
  });
});
