import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import type { z } from "zod";
import { type MarkedText, SearchPage } from "../../contract/search.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, ingest, lines } from "./mesh.ts";

/** With brackets around what is marked. */
function show({ text, hits }: z.infer<typeof MarkedText>): string {
  return hits.reduceRight(
    (shown, { at, length }) => `${shown.slice(0, at)}[${shown.slice(at, at + length)}]${shown.slice(at + length)}`,
    text,
  );
}

async function snippets(account: Account, q: string, more = ""): Promise<string[][]> {
  const page = await ok(account.call("GET", `/search?snippets=true&q=${encodeURIComponent(q)}${more}`), SearchPage);
  return page.messages.map(({ snippet }) => (snippet ? [show(snippet.subject), show(snippet.body)] : []));
}

it("a found message comes with what was found in it, as plain text", async () => {
  const alice = await aCheckedAccount();
  const body = `${"nothing to see ".repeat(40)} the CAFÉ opens <b>soon</b>, bring invoices`;
  await ingest("zoe@far.example", alice.email, aLetter({ subject: "Re: cafe & tea", body }));
  const text = (piece: string) => expect.stringContaining(piece) as string;
  expect(await snippets(alice, "café")).toEqual([["Re: [cafe] & tea", text("the [CAFÉ] opens <b>soon</b>,")]]);
  expect(await snippets(alice, '"opens b" subject:tea')).toEqual([["Re: cafe & [tea]", text("[opens <b]>soon")]]);
  expect(await snippets(alice, "invo", "&prefix=true")).toEqual([["Re: cafe & tea", text("bring [invoices]")]]);
  expect(await snippets(alice, "cafe -lunch")).toEqual([["Re: [cafe] & tea", text("[CAFÉ]")]]);
  expect(await snippets(alice, "is:unread")).toEqual([["Re: cafe & tea", expect.stringMatching(/^nothing to see/)]]);
  const plain = await ok(alice.call("GET", "/search?q=cafe"), SearchPage);
  expect(plain.messages[0]).not.toHaveProperty("snippet");
});

it("a message of HTML shows its text, and one whose body is not kept here its preview", async () => {
  const alice = await aCheckedAccount();
  const html = lines("From: z@far.example", "Content-Type: text/html", "", "<p>The <i>harbour</i><br>master &lt;3</p>");
  await ingest("zoe@far.example", alice.email, html);
  expect(await snippets(alice, '"harbour master"')).toEqual([["", "The [harbour master] <3"]]);
  await runInDurableObject(alice.stub, (_mailbox, { storage }) => storage.sql.exec("DELETE FROM body"));
  expect(await snippets(alice, "master")).toEqual([["", "The harbour [master] <3"]]);
});
