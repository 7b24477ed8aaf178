import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { SearchPage } from "../../contract/search.ts";
import { ok } from "./api-answers.ts";
import { deliverMany } from "./many-letters.ts";
import { anAccount } from "./mesh.ts";

it("looks at 5,000 messages a page, and the cursor goes on to what is behind them", async () => {
  const alice = await anAccount();
  const [oldest, second] = await deliverMany(alice, 3, (n) => ({ subject: `real ${n}`, body: "plums" }));
  await runInDurableObject(alice.stub, (_mailbox, { storage: { sql } }) => {
    // Copies of the newest, each a place further on: quicker to make than to deliver.
    sql.exec(`
      WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 11000)
      INSERT INTO message SELECT m.id + n.n, m.thread_id, ${columns(sql)} FROM n, (SELECT * FROM message ORDER BY id DESC LIMIT 1) m`);
    sql.exec("INSERT OR IGNORE INTO folder_message SELECT 1, id FROM message");
    sql.exec(`INSERT INTO message_index (rowid, subject, body) SELECT id, 'copy', 'plums' FROM message
      WHERE id > (SELECT max(message_id) FROM body)`);
    sql.exec("UPDATE folder SET total = 11003 WHERE id IN (1, 8)");
    sql.exec("UPDATE message SET size = 30000000 WHERE id IN (CAST(? AS INTEGER), CAST(? AS INTEGER))", oldest, second);
  });
  for (const q of ["larger:20M", "plums larger:20M", "in:inbox larger:20M", "larger:20M OR subject:nothing"]) {
    const pages: number[] = [];
    const subjects: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await ok(alice.call("GET", `/search?q=${encodeURIComponent(q)}${cursor}`), SearchPage);
      pages.push(page.messages.length);
      subjects.push(...page.messages.map(({ subject }) => subject));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect([q, pages, subjects]).toEqual([q, [0, 0, 2], ["real 1", "real 0"]]);
  }
});

/** The columns of a message after its ids, in their order. */
function columns(sql: SqlStorage): string {
  const names = sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('message')").toArray();
  return names
    .slice(2)
    .map(({ name }) => `m."${name}"`)
    .join(", ");
}
