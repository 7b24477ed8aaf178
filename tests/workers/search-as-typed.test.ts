import { expect, it } from "vitest";
import { SearchPage } from "../../contract/search.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, ingest } from "./mesh.ts";

const typed = (account: Account, q: string): Promise<SearchPage> =>
  ok(account.call("GET", `/search?prefix=true&q=${encodeURIComponent(q)}`), SearchPage);

const subjects = ({ messages }: SearchPage): string[] => messages.map(({ subject }) => subject);

it("a word that is being typed finds the words that begin with it", async () => {
  const alice = await aCheckedAccount();
  for (const [subject, body] of [
    ["Invoice", "for the harbour"],
    ["Café", "invited, well-known"],
    ["Tea", "日本語の文章"],
  ]) {
    await ingest("zoe@far.example", alice.email, aLetter({ subject: subject ?? "", body: body ?? "" }));
  }
  const table: [query: string, ...subjects: string[]][] = [
    ["inv", "Café", "Invoice"],
    ["invo", "Invoice"],
    ["inv ", ...[]],
    ['"inv"', ...[]],
    ["ca", "Café"],
    ["CAFÉ", "Café"],
    ["caf\u0065\u0301", "Café"],
    ["subject:inv", "Invoice"],
    ["well-kn", "Café"],
    ["harb inv", ...[]],
    ["harbour inv", "Invoice"],
    ["from:zo", "Tea", "Café", "Invoice"],
    ["from:zoe@far.ex", "Tea", "Café", "Invoice"],
    ["日本", "Tea"],
    ["nothing-begins-so", ...[]],
    ["is:unr", ...[]],
  ];
  const found = [];
  for (const [query] of table) {
    const page = await typed(alice, query);
    expect(page.is_prefix_cut).toBe(false);
    found.push([query, ...subjects(page)]);
  }
  expect(found).toEqual(table);
  const whole = await ok(alice.call("GET", "/search?q=inv"), SearchPage);
  expect(subjects(whole)).toEqual([]);
});

it("of many words that begin so, the most frequent are found, and the answer says that there are more", async () => {
  const alice = await aCheckedAccount();
  const rare = Array.from({ length: 80 }, (_, n) => `word${String(n).padStart(3, "0")}`).join(" ");
  await deliverMany(alice, 3, (n) => ({ subject: `${n}`, body: n === 0 ? rare : "wordy" }), { withBytes: true });
  const cut = await typed(alice, "wo");
  expect([subjects(cut), cut.is_prefix_cut]).toEqual([["2", "1", "0"], true]);
  const whole = await typed(alice, "word07");
  expect([subjects(whole), whole.is_prefix_cut]).toEqual([["0"], false]);
});
