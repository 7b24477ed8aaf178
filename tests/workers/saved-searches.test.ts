import { expect, it } from "vitest";
import { z } from "zod";
import { Folder } from "../../contract/folders.ts";
import { SavedSearch, Suggestions } from "../../contract/saved-searches.ts";
import { SearchPage } from "../../contract/search.ts";
import { done, ok, problemOf } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, anAccount, ingest, lines } from "./mesh.ts";

const list = async (account: Account): Promise<SavedSearch[]> =>
  (await ok(account.call("GET", "/searches"), z.object({ searches: z.array(SavedSearch) }))).searches;

const listed = async (account: Account) => (await list(account)).map(({ name, query }) => [name, query]);

const save = (account: Account, body: unknown): Promise<SavedSearch> =>
  ok(account.call("POST", "/searches", body), SavedSearch, 201);

/** By either way. */
async function suggest(account: Account, q: string): Promise<Suggestions> {
  const offered = await ok(account.call("GET", `/suggestions?q=${encodeURIComponent(q)}`), Suggestions);
  expect(await ok(account.call("POST", "/suggestions", { q }), Suggestions)).toEqual(offered);
  return offered;
}

it("searches are kept by name until they are deleted, each name once", async () => {
  const alice = await aCheckedAccount();
  const bills = await save(alice, { name: "Bills", query: "has:pdf subject:bill" });
  await save(alice, { name: "Ann", query: "from:ann" });
  expect(await listed(alice)).toEqual([
    ["Ann", "from:ann"],
    ["Bills", "has:pdf subject:bill"],
  ]);
  const taken = await problemOf(alice.call("POST", "/searches", { name: " Bills ", query: "x" }));
  expect([taken.status, taken.issues?.map(({ at }) => at)]).toEqual([409, ["body.name"]]);
  for (const body of [{ name: "", query: "x" }, { query: " " }, { query: "x".repeat(1001) }, { name: "n" }]) {
    expect((await problemOf(alice.call("POST", "/searches", body))).status).toBe(400);
  }
  await done(alice.call("DELETE", `/searches/${bills.id}`));
  expect((await alice.call("DELETE", `/searches/${bills.id}`)).status).toBe(404);
  expect((await alice.call("DELETE", "/searches/nonsense")).status).toBe(404);
  expect(await listed(alice)).toEqual([["Ann", "from:ann"]]);
});

it("nobody sees another's searches, and none is without an end", async () => {
  const [alice, bob] = [await anAccount(), await anAccount()];
  const mine = await save(alice, { name: "mine", query: "x" });
  expect(await listed(bob)).toEqual([]);
  expect((await bob.call("DELETE", `/searches/${mine.id}`)).status).toBe(404);
  for (let n = 1; n < 100; n++) await save(alice, { name: `n${n}`, query: "x" });
  expect((await problemOf(alice.call("POST", "/searches", { name: "one more", query: "x" }))).status).toBe(409);
});

it("the last twenty searches are remembered, when the client says so", async () => {
  const alice = await aCheckedAccount();
  await ok(alice.call("GET", "/search?q=forgotten"), SearchPage);
  expect(await listed(alice)).toEqual([]);
  for (let n = 0; n < 25; n++) await ok(alice.call("GET", `/search?remember=true&q=q${n}`), SearchPage);
  await ok(alice.call("GET", "/search?remember=true&q=%20q10%20"), SearchPage);
  await ok(alice.call("GET", "/search?remember=true&q="), SearchPage);
  await save(alice, { query: "told" });
  const queries = (await list(alice)).map(({ query }) => query);
  expect(queries).toHaveLength(20);
  expect(new Set(queries).size).toBe(20);
  expect(queries).toContain("q10");
  expect(queries).toContain("told");
  expect(queries).not.toContain("q0");
});

it("what is typed suggests people of recent messages, folders, and searches", async () => {
  const alice = await aCheckedAccount();
  await ok(alice.call("POST", "/folders", { name: "Annual reports" }), Folder, 201);
  await save(alice, { name: "Ann's bills", query: "from:ann bill" });
  await save(alice, { query: "annual" });
  await save(alice, { query: "other" });
  const letters = [
    { from: "Ann Lee <ann@mesh.example>" },
    { from: "Ann Lee <ann@mesh.example>", extra: lines("Cc: Joanna <jo@anna.example>, Annika <nika@far.example>") },
    { from: "Zoe <zoe@far.example>", body: "ann is not here" },
  ];
  for (const letter of letters) await ingest("zoe@far.example", alice.email, aLetter(letter));
  const { people, folders, searches } = await suggest(alice, "ann");
  expect(people).toEqual([
    { name: "Ann Lee", email: "ann@mesh.example" },
    { name: "Joanna", email: "jo@anna.example" },
    { name: "Annika", email: "nika@far.example" },
  ]);
  expect(folders.map(({ name }) => name)).toEqual(["Annual reports"]);
  expect(searches.map(({ query }) => query)).toEqual(["from:ann bill", "annual"]);
  expect((await suggest(alice, "ann le")).people).toEqual([{ name: "Ann Lee", email: "ann@mesh.example" }]);
  expect((await suggest(alice, "mesh.ex")).people).toEqual([{ name: "Ann Lee", email: "ann@mesh.example" }]);
  expect(await suggest(alice, "nobody")).toEqual({ people: [], folders: [], searches: [] });
  const nothing = await suggest(alice, "");
  expect([nothing.people, nothing.searches.map(({ query }) => query).sort()]).toEqual([
    [],
    ["annual", "from:ann bill", "other"],
  ]);
  for (const q of ['"', "(", "-", "a*", "\u0000", "😀", "日本", "%"]) await suggest(alice, q);
});

it("a mailing's thousand recipients are nobody that the owner knows", async () => {
  const alice = await anAccount();
  const crowd = Array.from({ length: 1000 }, (_, n) => `Crowd ${n} <c${n}@crowd.example>`).join(", ");
  await deliverMany(alice, 1, () => ({ extra: lines(`Cc: ${crowd}`), from: "Crow <crow@far.example>" }));
  expect((await suggest(alice, "crow")).people).toEqual([{ name: "Crow", email: "crow@far.example" }]);
});

it("a letter or two that begin many words still suggest who wrote lately", async () => {
  const alice = await aCheckedAccount();
  const body = Array.from({ length: 300 }, (_, n) => `zo${String(n).padStart(3, "0")}`).join(" ");
  await ingest("zoe@far.example", alice.email, aLetter({ body }));
  expect((await suggest(alice, "zo")).people).toEqual([{ name: "Zoe", email: "zoe@far.example" }]);
});

it("nobody is suggested for being half typed in a draft", async () => {
  const alice = await aCheckedAccount();
  await ingest("anna@far.example", alice.email, aLetter({ from: "Anna <anna@far.example>" }));
  for (const email of ["an", "anna@fa"]) {
    expect((await alice.call("POST", "/drafts", { to: [{ email }], subject: "", body: "" })).status).toBe(201);
  }
  expect((await suggest(alice, "an")).people).toEqual([{ name: "Anna", email: "anna@far.example" }]);
});
