/** Rows read and written inside the Mailbox, which is what the platform bills: for a delivery, a page, a search. */
import { runInDurableObject } from "cloudflare:test";
import { it } from "vitest";
import { type Account, anAccount, ingest } from "../tests/workers/mesh.ts";
import { generate } from "./generate.ts";

interface Rows {
  read: number;
  written: number;
}

/** Runs `work` with every statement of the account's object counted. */
async function count(account: Account, work: () => Promise<unknown>): Promise<Rows> {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  await runInDurableObject(account.stub, (_, { storage }) => {
    const { sql } = storage;
    const exec = sql.exec.bind(sql);
    Object.defineProperty(sql, "exec", {
      configurable: true,
      value: (...statement: Parameters<typeof exec>) => {
        const cursor = exec(...statement);
        cursors.push(cursor);
        return cursor;
      },
    });
  });
  await work();
  await runInDurableObject(account.stub, (_, { storage }) => {
    Reflect.deleteProperty(storage.sql, "exec");
  });
  return cursors.reduce(
    (sum, { rowsRead, rowsWritten }) => ({ read: sum.read + rowsRead, written: sum.written + rowsWritten }),
    { read: 0, written: 0 },
  );
}

it("counts rows", async () => {
  const alice = await anAccount();
  const mail = generate(1100);
  for (let n = 0; n < 1000; n++) await deliverNext();
  const { id } = await alice.folder("inbox");
  const deliveries: Rows[] = [];
  for (let n = 0; n < 50; n++) deliveries.push(await count(alice, deliverNext));
  const mean = (key: keyof Rows) => deliveries.reduce((sum, rows) => sum + rows[key], 0) / deliveries.length;
  console.log(`rows, 1,000 messages in the mailbox (a delivery may write 12)`);
  print("a delivery", { read: mean("read"), written: mean("written") });
  print("an inbox page of 50", await count(alice, () => alice.call("GET", `/folders/${id}/messages?limit=50`)));
  print("a search, common word", await count(alice, () => alice.call("GET", "/search?q=babe")));
  print("a search, no hit", await count(alice, () => alice.call("GET", "/search?q=zzzzzz")));
  const [first] = await alice.messages();
  print("mark read", await count(alice, () => alice.call("PATCH", `/messages/${first?.id}`, { is_read: true })));

  async function deliverNext(): Promise<void> {
    const next = mail.next().value;
    if (next) await ingest(next.from, alice.email, new Uint8Array(next.raw));
  }
});

const print = (name: string, { read, written }: Rows) =>
  console.log(`${name.padEnd(24)} read ${read.toFixed(1).padStart(7)}  written ${written.toFixed(1).padStart(5)}`);
