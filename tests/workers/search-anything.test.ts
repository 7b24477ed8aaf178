import { expect, it } from "vitest";
import { SearchPage } from "../../contract/messages.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { aLetter, ingest } from "./mesh.ts";

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
