import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { SearchPage } from "../../contract/search.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { aLetter, anAccount, ingest } from "./mesh.ts";

const FTS_SYNTAX = [
  "NEAR(",
  "NEAR(a b, 5)",
  "a NEAR b",
  "*",
  "a*",
  "^a",
  "subject : x",
  "{subject body} : x",
  "- body : x",
  "a AND",
  "OR",
  "NOT",
  "a NOT b",
  "AND AND AND",
  "a + b",
  "rank",
  "message_index",
  "'; DROP TABLE message; --",
  "bm25(message_index)",
  "\\",
  "%",
  "_",
  "a\u0000b",
  "?1",
  ":name",
  "@p",
  "$p",
];
const BRACKETS = [
  "(",
  ")",
  "()",
  "(()",
  "((((",
  "))))",
  "{",
  "}",
  "{}",
  "(a",
  "a)",
  "{a OR}",
  "(".repeat(500),
  "a OR (b (c {d e} -(f",
  "(-)",
  "-()",
  "-(-(-a))",
];
const QUOTES = ['"', '""', '"""', '"a', 'a"', '" "', '"*"', '"a" "b', "“a”", "'a'", '"a""b"', '-"a b"', '"-a"', '"("'];
const OPERATORS = [
  "-",
  "--",
  "- -",
  "-a",
  "---a",
  "in:",
  "in:()",
  'in:"',
  "from:",
  "from:(a b)",
  "from:-a",
  "is:",
  "is:nothing",
  "has:",
  "has:cheese",
  "before:",
  "before:tomorrow",
  "after:2024-99-99",
  "after:99999-01-01",
  "before:0000",
  "after:-1",
  "older_than:1y",
  "size:5M",
  "larger:x",
  "filename:",
  "rfc822msgid:<a@b>",
  "list:x",
  "cc:a bcc:b",
  "unknown:thing",
  "http://a.example/?q=1",
  "a:b:c:d",
  ":",
  "::",
  "in:__proto__",
  "in:constructor",
  "is:constructor",
  "constructor:x",
];
const LONG = [
  "x".repeat(5000),
  "x ".repeat(2500),
  Array.from({ length: 300 }, (_, n) => `term${n}`).join(" "),
  Array.from({ length: 300 }, (_, n) => `-not${n}`).join(" "),
  Array.from({ length: 150 }, (_, n) => `t${n} OR in:f${n}`).join(" OR "),
  "ab OR ".repeat(800),
  "字".repeat(900),
  "-(a OR -(b ".repeat(90),
  "😀".repeat(2500),
  "is:unread ".repeat(100),
  "in:inbox OR ".repeat(80),
  "has:attachment ".repeat(64),
  Array.from({ length: 64 }, (_, n) => `has:attachment${n % 2 ? " is:read" : " -is:flagged"}`).join(" "),
  Array.from({ length: 64 }, (_, n) => `before:${1950 + n}`).join(" OR "),
  Array.from({ length: 64 }, (_, n) => `-(is:read in:inbox${n})`).join(" "),
  Array.from({ length: 20 }, (_, n) => `-(is:read OR before:${1950 + n} `).join(""),
];
const UNICODE = [
  "日本",
  "\ufdfa",
  "\u200d",
  "\u202e",
  "e\u0301".repeat(300),
  "ﬀ",
  "İ",
  "ß",
  "\ufeff",
  "\u00a0",
  "\u2028",
  "🏳️‍🌈",
  "𝒳",
  "\ud800x".toWellFormed(),
];

it("takes every string for a query", async () => {
  const alice = await aCheckedAccount();
  await ingest("zoe@far.example", alice.email, aLetter({ body: "a b c x near and or not" }));
  const all = [...FTS_SYNTAX, ...BRACKETS, ...QUOTES, ...OPERATORS, ...LONG, ...UNICODE];
  const answers = await Promise.all(
    all.map(async (q) => {
      const answer = await alice.call("GET", `/search?q=${encodeURIComponent(q)}`);
      const page = SearchPage.safeParse(await answer.json());
      return `${answer.status} ${page.success} ${q.slice(0, 40)}`;
    }),
  );
  expect(answers.filter((answer) => !answer.startsWith("200 true "))).toEqual([]);
});

it("takes every string while it is typed, to rank, count, mark and remember what it finds, and to suggest", async () => {
  const alice = await aCheckedAccount();
  await ingest("zoe@far.example", alice.email, aLetter({ body: "a b c x near and or not 日本 ½ é" }));
  const all = [...FTS_SYNTAX, ...BRACKETS, ...QUOTES, ...OPERATORS, ...LONG, ...UNICODE];
  const whole = "prefix=true&snippets=true&sort=relevance&total=true&remember=true&time_zone=Asia/Kolkata";
  const answers: string[] = [];
  for (const q of all) {
    const answer = await alice.call("GET", `/search?${whole}&q=${encodeURIComponent(q)}`);
    const suggested = await alice.call("GET", `/suggestions?q=${encodeURIComponent(q.slice(0, 200))}`);
    const page = SearchPage.safeParse(await answer.json());
    answers.push(`${answer.status} ${suggested.status} ${page.success} ${q.slice(0, 40)}`);
  }
  expect(answers.filter((answer) => !answer.startsWith("200 200 true "))).toEqual([]);
});

/** "All of it, and not the next": each level turns the answer round, so that an odd number of them finds everything. */
const nested = (levels: number) => "-(-is:flagged OR -has:attachment OR ".repeat(levels);

it("takes a filter as often as it is written, also where each hit is asked about it", async () => {
  const alice = await anAccount();
  const ids = await deliverMany(alice, 310, () => ({ body: "plum" }));
  const all = await ok(alice.call("GET", "/search?q=plum&limit=100"), SearchPage);
  expect(ids).toHaveLength(310);
  await runInDurableObject(alice.stub, (_mailbox, { storage }) => {
    storage.sql.exec("UPDATE message SET is_flagged = 1, has_attachment = 1");
  });
  for (const q of [
    `plum ${"has:attachment ".repeat(60)}`,
    `in:inbox ${"has:attachment ".repeat(60)}`,
    `plum ${Array.from({ length: 60 }, (_, n) => (n % 2 ? "is:flagged" : "-is:draft")).join(" OR ")}`,
    `plum ${nested(17)}`,
  ]) {
    const page = await ok(alice.call("GET", `/search?limit=100&q=${encodeURIComponent(q)}`), SearchPage);
    expect(page.messages.map(({ id }) => id)).toEqual(all.messages.map(({ id }) => id));
  }
  const none = await ok(alice.call("GET", `/search?q=${encodeURIComponent(`plum ${nested(18)}`)}`), SearchPage);
  expect(none.messages).toEqual([]);
});

it("takes bytes that are no text for a query", async () => {
  const alice = await aCheckedAccount();
  for (const q of ["%ED%A0%80", "%ff%fe", "%", "%zz", "%00", "%C3", "+", "a%ED%B0%80b", "%F0%9F%98"]) {
    await ok(alice.call("GET", `/search?q=${q}`), SearchPage);
  }
});

it("says what it took for words, and where", async () => {
  const alice = await aCheckedAccount();
  const taken = async (q: string) => {
    const page = await ok(alice.call("GET", `/search?q=${encodeURIComponent(q)}`), SearchPage);
    return page.taken_as_words.map(({ at, text }) => [at, text]);
  };
  expect(await taken("hello world")).toEqual([]);
  expect(await taken("a color:red before:soon")).toEqual([
    [2, "color:red"],
    [12, "before:soon"],
  ]);
  expect(await taken(`${"a ".repeat(500)}rest of it`)).toContainEqual([1000, "rest of it"]);
});

it("answers a random query, and what it finds it can print", async () => {
  const alice = await aCheckedAccount();
  await ingest("zoe@far.example", alice.email, aLetter());
  const pieces = [
    "a",
    "-",
    "(",
    ")",
    "{",
    "}",
    '"',
    " ",
    "OR",
    "in:",
    "from:",
    "is:unread",
    "*",
    ":",
    "日",
    "NEAR",
    "\u0301",
    "0",
    "has:attachment",
    "\t",
  ];
  let seed = 7;
  const next = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * n);
  };
  for (let round = 0; round < 20; round++) {
    const queries = Array.from({ length: 20 }, () =>
      Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join(""),
    );
    const statuses = await Promise.all(
      queries.map(async (q) => `${(await alice.call("GET", `/search?q=${encodeURIComponent(q)}`)).status} ${q}`),
    );
    expect(statuses.filter((status) => !status.startsWith("200 "))).toEqual([]);
  }
});
