import { expect, it } from "vitest";
import { SearchPage } from "../../contract/search.ts";
import { ok, problemOf } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, anAccount, ingest } from "./mesh.ts";

const search = (account: Account, q: string, more: string): Promise<SearchPage> =>
  ok(account.call("GET", `/search?q=${encodeURIComponent(q)}${more}`), SearchPage);

it("by relevance, a word in the subject comes before one in a long text, in one page", async () => {
  const alice = await aCheckedAccount();
  const letters = [
    { subject: "Plums", body: "About plums." },
    { subject: "Trees", body: `plums ${"and other things ".repeat(50)}` },
    { subject: "Plum jam", body: "plums and plums" },
    { subject: "News", body: "Nothing." },
  ];
  for (const letter of letters) await ingest("zoe@far.example", alice.email, aLetter(letter));
  const subjects = async (more: string) => (await search(alice, "plums", more)).messages.map(({ subject }) => subject);
  expect(await subjects("")).toEqual(["Plum jam", "Trees", "Plums"]);
  expect(await subjects("&sort=relevance")).toEqual(["Plums", "Plum jam", "Trees"]);
  const first = await search(alice, "plums in:inbox is:unread -nothing", "&sort=relevance&limit=2");
  expect([first.messages.map(({ subject }) => subject), first.next_cursor]).toEqual([["Plums", "Plum jam"], null]);
  // Without words there is nothing to compare.
  const newest = await search(alice, "is:unread", "&sort=relevance&limit=2");
  expect(newest.messages.map(({ subject }) => subject)).toEqual(["News", "Plum jam"]);
  const cursor = `&cursor=${newest.next_cursor}`;
  const problem = await problemOf(alice.call("GET", `/search?q=plums&sort=relevance${cursor}`));
  expect([problem.status, problem.issues?.map(({ at }) => at)]).toEqual([400, ["query.cursor"]]);
});

it("says how many there are: exactly up to a thousand, and about how many beyond", async () => {
  const alice = await anAccount();
  await deliverMany(alice, 1200, (n) => ({ subject: `${n}`, body: n % 2 === 0 ? "plums" : "plums pears" }));
  const total = async (q: string, more = "") => (await search(alice, q, `&total=true${more}`)).estimated_total;
  expect(await total("pears")).toEqual({ messages: 600, is_exact: true });
  expect(await total("pears is:read")).toEqual({ messages: 0, is_exact: true });
  const many = await total("plums");
  expect(many?.is_exact).toBe(false);
  expect(many?.messages).toBeGreaterThan(1150);
  expect(many?.messages).toBeLessThanOrEqual(1200);
  const { next_cursor } = await search(alice, "pears", "&limit=5");
  expect(await total("pears", `&cursor=${next_cursor}`)).toEqual({ messages: 600, is_exact: true });
  expect((await search(alice, "pears", "")).estimated_total).toBeUndefined();
});
