/**
 * What a query finds is what a filter of that query catches at the delivery: said by the oracle of searches, which knows
 * neither the parser nor SQL, on real mail.
 */
import { expect, inject, it } from "vitest";
import { z } from "zod";
import { Filter } from "../../contract/filters.ts";
import { SearchPage } from "../../contract/search.ts";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import { ok } from "./api-answers.ts";
import { anAccount, ingest } from "./mesh.ts";
import { type Asked, all, answer, any, type Doc, filter, inFolder, not, words, wordsOf } from "./search-oracle.ts";

/** A filter marks what it catches with a keyword of its own, and a message has room for fifty. */
const QUERIES = 45;

/** Some words of a text that can be searched for. */
const said = (text: string, at: number, count: number): string | null => {
  const all = text.split(/\s+/u).filter((word) => wordsOf(word).length > 0 && !/["“”:(){}\\-]/u.test(word));
  return (
    all
      .slice(at % Math.max(1, all.length), (at % Math.max(1, all.length)) + count)
      .join(" ")
      .slice(0, 60) || null
  );
};

/** Queries that some of these messages match, of every kind that a message that has just come can match. */
function queriesAbout(docs: Doc[]): Asked[] {
  const of = (n: number) => docs[(n * 7) % docs.length]?.parsed;
  const found = Array.from({ length: 12 }, (_, n): (Asked | null)[] => {
    const parsed = of(n);
    if (parsed === undefined) return [];
    const [body, subject] = [said(parsed.text, n * 5, 2), said(parsed.subject, n, 1)];
    const [sender] = parsed.from === null ? [] : [parsed.from.email];
    const recipient = [...parsed.to, ...parsed.cc][0]?.email;
    const list = parsed.list_id === null ? null : said(parsed.list_id, 0, 1);
    return [
      body === null ? null : words(null, body),
      subject === null ? null : words("subject", subject),
      sender === undefined ? null : words("from", sender.split("@")[1] ?? sender),
      recipient === undefined ? null : words("to", recipient),
      list === null ? null : words("list", list),
    ].filter((one) => one === null || wordsOf(one.text).length > 0);
  });
  const plain = found.flat().filter((one) => one !== null);
  const [a, b, c, d] = [plain[0], plain[6], plain[11], plain[16]];
  if (!a || !b || !c || !d) throw new Error("the corpus is too small");
  const sizes = docs.map(({ size }) => size).sort((one, other) => one - other);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const states = [
    filter("is:unread", () => true),
    filter("is:read", () => false),
    filter("is:flagged", () => false),
    filter(`larger:${median}`, ({ size }) => size > median),
    filter("has:attachment", ({ parsed }) => parsed.attachments.some((one) => one.disposition === "attachment")),
    filter("newer_than:1d", () => true),
    filter("before:2020-01-01", () => false),
    inFolder("inbox", () => true),
    inFolder("trash", () => false),
  ];
  const combined = [
    not(a),
    not(any([a, b], false)),
    all([not(c), d]),
    any([all([a, b]), c, not(d)], true),
    all([any([a, b, c, d], true), not(states[3] ?? a)]),
    any([c, states[4] ?? a], false),
  ];
  return [...states, ...combined, ...plain].slice(0, QUERIES);
}

it("a filter catches at the delivery what a search for the same finds", async () => {
  const raws = z.array(z.base64()).parse(await (await fetch(`${inject("corpusUrl")}?every=60`)).json());
  const bytes = raws.map((base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  const [plain, filtering] = [await anAccount(), await anAccount()];
  // Where no filter is, to know how large each is with our trace fields, which are as long in both.
  const docs: Doc[] = [];
  for (const raw of bytes) {
    await ingest("zoe@far.example", plain.email, raw);
    const [row] = await plain.messages();
    if (row === undefined || docs.some(({ id }) => id === row.id)) continue;
    const state = { folders: ["inbox"], is_read: false, is_flagged: false, isTagged: false };
    docs.push({ ...state, id: row.id, parsed: await parseMessage(raw), received: docs.length, size: row.size });
  }
  expect(docs.length).toBeGreaterThan(60);
  const queries = queriesAbout(docs);
  expect(queries.length).toBe(QUERIES);
  for (const [n, { text }] of queries.entries()) {
    const body = { conditions: { query: text }, actions: { keywords: [`q${n}`] } };
    await ok(filtering.call("POST", "/filters", body), Filter, 201);
  }
  for (const raw of bytes) await ingest("zoe@far.example", filtering.email, raw);
  const caught = await everything(filtering.call);
  const bySubjectAndSize = caught.map(({ subject, keywords }) => ({ subject, keywords }));
  expect(caught).toHaveLength(docs.length);
  let hits = 0;
  for (const [n, asked] of queries.entries()) {
    const found = new Set(answer(docs, asked));
    // Both mailboxes have them in the same order, newest first.
    const expected = docs.toReversed().map(({ id }) => found.has(id));
    expect(`${asked.text}: ${bySubjectAndSize.map(({ keywords }) => keywords.includes(`q${n}`))}`).toBe(
      `${asked.text}: ${expected}`,
    );
    hits += found.size;
  }
  expect(hits).toBeGreaterThan(docs.length);
}, 120_000);

/** What is no junk: filters that do not ask for it see nothing else. */
async function everything(call: Awaited<ReturnType<typeof anAccount>>["call"]) {
  const found: SearchPage["messages"] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: SearchPage = await ok(
      call("GET", `/search?q=in:inbox&limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`),
      SearchPage,
    );
    found.push(...page.messages);
    cursor = page.next_cursor;
  }
  return found;
}
