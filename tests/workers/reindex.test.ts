/** What a migration that makes the full-text index anew leaves to the alarm. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { expect, it } from "vitest";
import { UserId } from "../../contract/ids.ts";
import { MessageSummary } from "../../contract/messages.ts";
import { SearchPage } from "../../contract/search.ts";
import { indexOlder } from "../../durable-objects/mailbox/reindex.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { ok } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { deliverMany } from "./many-letters.ts";
import { type Account, aLetter, eventually, ingest, lines } from "./mesh.ts";

const search = (account: Account, q: string): Promise<SearchPage> =>
  ok(account.call("GET", `/search?limit=100&q=${encodeURIComponent(q)}`), SearchPage);

const found = async (account: Account, q: string): Promise<string[]> =>
  (await search(account, q)).messages.map(({ subject }) => subject);

/** As a migration leaves it. The object does not know until it starts again. */
async function emptyIndex(account: Account): Promise<void> {
  await runInDurableObject(account.stub, (_mailbox, { storage }) => {
    storage.sql.exec("INSERT INTO message_index (message_index) VALUES ('delete-all')");
    storage.sql.exec("UPDATE account SET unindexed_below = 9007199254740991");
  });
}

const indexed = (account: Account) =>
  eventually(async () => ((await search(account, "")).is_indexing ? null : "all of it"), 20);

it("older messages are found again, by every field, after the object starts", async () => {
  const alice = await aCheckedAccount();
  const extra = lines("Cc: Cora <cora@cc.example>", "List-Id: <dev.lists.example>");
  await ingest("zoe@far.example", alice.email, aLetter({ subject: "First", body: "plums", extra }));
  await ok(alice.call("POST", "/drafts", { subject: "Draft", bcc: [{ email: "half-typed" }] }), MessageSummary, 201);
  await deliverMany(alice, 60, (n) => ({ subject: `many ${n}`, body: "pears" }), { withBytes: true });
  // A body that is not kept in the object is parsed from its bytes.
  await runInDurableObject(alice.stub, (_mailbox, { storage }) => {
    storage.sql.exec("DELETE FROM body WHERE message_id % 2 = 0");
  });
  await emptyIndex(alice);
  expect((await search(alice, "plums")).messages).toEqual([]);
  await evictDurableObject(alice.stub);
  expect((await search(alice, "")).messages).toHaveLength(62);
  await indexed(alice);
  for (const q of ["plums", "cc:cora", "list:dev.lists.example", "from:zoe subject:first"]) {
    expect([q, await found(alice, q)]).toEqual([q, ["First"]]);
  }
  expect(await found(alice, "bcc:half-typed")).toEqual(["Draft"]);
  expect(await found(alice, "pears")).toHaveLength(60);
});

it.each(["in the object", "in R2 alone"])(
  "messages that are stored in parts are found again, their texts %s",
  async (place) => {
    const alice = await aCheckedAccount();
    const extra = lines("List-Id: <dev.lists.example>");
    const text = lines(...Array.from({ length: 5000 }, (_, n) => `A line of words, number ${n}.`), "At last: plums.");
    await ingest("zoe@far.example", alice.email, aLetter({ subject: "Long", body: text, extra }));
    const file = Array.from({ length: 3000 }, () => "QUJD".repeat(19));
    const parts = ["--c", "", "See plums.", "--c", "Content-Transfer-Encoding: base64"];
    const mime = lines(
      "Content-Type: multipart/mixed; boundary=c",
      "Subject: File",
      "",
      ...parts,
      "",
      ...file,
      "--c--",
    );
    await ingest("zoe@far.example", alice.email, extra + mime);
    await runInDurableObject(alice.stub, (_mailbox, { storage: { sql } }) => {
      const keys = sql.exec<{ raw_key: string }>("SELECT raw_key FROM message").toArray();
      expect(keys.every(({ raw_key }) => raw_key.endsWith(".split"))).toBe(true);
      if (place === "in R2 alone") sql.exec("DELETE FROM body");
    });
    await emptyIndex(alice);
    await evictDurableObject(alice.stub);
    await indexed(alice);
    expect(await found(alice, "plums list:dev.lists.example")).toEqual(["File", "Long"]);
  },
);

it("what is new, changed and deleted meanwhile is found as it is", async () => {
  const alice = await aCheckedAccount();
  await ingest("zoe@far.example", alice.email, aLetter({ subject: "Gone", body: "plums" }));
  const [gone] = await alice.messages();
  const draft = await ok(alice.call("POST", "/drafts", { subject: "Draft", body: "plums" }), MessageSummary, 201);
  await emptyIndex(alice);
  const remove = () => alice.call("DELETE", `/messages/${gone?.id}`);
  const replace = () => alice.call("PUT", `/drafts/${draft.id}`, { subject: "Draft", body: "pears" });
  // The first removal is to the trash.
  const changes = [replace, remove, remove];
  await runInDurableObject(alice.stub, async (_mailbox, { storage }) => {
    const box = { db: drizzle(storage, { schema: tables }), user_id: UserId.parse(alice.user_id) };
    const meanwhile = {
      ...env,
      MAIL: {
        get: async () => {
          for (const change of changes.splice(0)) await change();
          return null;
        },
      } as unknown as R2Bucket,
    };
    await indexOlder({ ...box, email: alice.email, name: "", id_mask: 0 }, meanwhile);
  });
  await ingest("zoe@far.example", alice.email, aLetter({ subject: "New", body: "plums" }));
  expect(await found(alice, "plums")).toEqual(["New"]);
  expect(await found(alice, "pears")).toEqual(["Draft"]);
});

it("goes on where it stopped when R2 did not answer", async () => {
  const alice = await aCheckedAccount();
  await deliverMany(alice, 30, (n) => ({ subject: `many ${n}`, body: "pears" }), { withBytes: true });
  await emptyIndex(alice);
  let calls = 0;
  const failing = {
    get: async (key: string) => (++calls > 27 ? Promise.reject(new Error("no answer")) : env.MAIL.get(key)),
  };
  const stopped = await runInDurableObject(alice.stub, (_mailbox, { storage }) => {
    const db = drizzle(storage, { schema: tables });
    const box = { db, user_id: UserId.parse(alice.user_id), email: alice.email, name: "", id_mask: 0 };
    return indexOlder(box, { ...env, MAIL: failing as unknown as R2Bucket }).catch((error: Error) => error.message);
  });
  expect(stopped).toBe("no answer");
  const page = await search(alice, "pears");
  expect([page.messages.length, page.is_indexing]).toEqual([25, true]);
  await evictDurableObject(alice.stub);
  await indexed(alice);
  expect(await found(alice, "pears")).toHaveLength(30);
});
