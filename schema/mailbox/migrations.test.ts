import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { expect, it } from "vitest";
import type { VerifyPage } from "../../contract/admin.ts";
import { randomId } from "../../contract/random-id.ts";
import { migrations } from "./migrations/index.ts";

const TIME = 1_700_000_000_000;
const ID = TIME * 1024;

/** A mailbox as its object was when there was one migration, with a row in each of its tables. */
async function anOldMailbox(user_id: string) {
  const stub = env.MAILBOX.getByName(user_id);
  const first = { ...migrations, journal: { ...migrations.journal, entries: migrations.journal.entries.slice(0, 1) } };
  const before = await runInDurableObject(stub, async (_mailbox, { storage }) => {
    await migrate(drizzle(storage), first);
    const write = (table: string, ...values: unknown[]) =>
      storage.sql.exec(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, ...values);
    write("account", user_id, "old@a.test", "Old", 12_345, "salt", "hash", TIME);
    write("session", "s", TIME, TIME);
    write("folder", 1, "Inbox", "inbox", 0, 1, 1, 2);
    const lists = ["[]", "[]", "[]", "[]"];
    const flags = [10, 0, 0, 0, 0];
    const rest = ["[]", "[1]", `raw/${user_id}/a`, "", "z@far.example", '["old@a.test"]', null];
    write(
      "message",
      ID,
      ID,
      "m@far.example",
      null,
      "[]",
      "Old mail",
      '{"name":"Z","email":"z@far.example"}',
      ...lists,
      null,
      "Hello",
      ...flags,
      ...rest,
    );
    write("folder_message", 1, ID);
    write("unread", 1, ID);
    write("body", ID, new Uint8Array([1]), null);
    write("fingerprint", "f", ID);
    write("change", 1, "thread", ID, "created");
    write("change", 2, "message", ID, "created");
    write("submission", ID, null, "raw/x", "", "nobody", TIME, TIME, null, null, 0);
    write("submission_recipient", ID, "z@far.example", "sent", null, null, null, 0, TIME);
    write("idempotency", "k", "h", ID, TIME);
    write("released", "raw/y");
    return rowsOf(storage.sql);
  });
  return { stub, before };
}

function rowsOf(sql: SqlStorage): Record<string, Record<string, SqlStorageValue>[]> {
  const tables = sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*' AND name NOT GLOB 'message_index*'",
    )
    .toArray();
  return Object.fromEntries(tables.map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]));
}

it("a mailbox of the first day is brought up to date when it is next asked, and keeps its rows", async () => {
  const { stub, before } = await anOldMailbox(`u${randomId(16)}`);
  expect(Object.values(before).every((rows) => rows.length > 0)).toBe(true);
  await evictDurableObject(stub);
  const { after, applied } = await runInDurableObject(stub, (_mailbox, { storage: { sql } }) => ({
    after: rowsOf(sql),
    applied: sql.exec("SELECT 1 FROM __drizzle_migrations").toArray().length,
  }));
  expect(applied).toBe(migrations.journal.entries.length);
  // A newer table or column may be there; nothing that was there is gone or another.
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toMatchObject(rows);
});

it("a mailbox of the first day is searchable again, although a body and the bytes are not to be read", async () => {
  const { stub } = await anOldMailbox(`u${randomId(16)}`);
  await evictDurableObject(stub);
  const found = (words: string) =>
    runInDurableObject(stub, (_mailbox, { storage: { sql } }) =>
      sql.exec("SELECT rowid FROM message_index WHERE message_index MATCH ?", words).toArray(),
    );
  // Any call finds that there is work for the alarm.
  await stub.passwordSalt();
  await stub.claim(1, "");
  await expect.poll(() => found("old AND hello AND far"), { timeout: 10_000 }).toEqual([{ rowid: ID }]);
});

it("a mailbox of the first day is brought up to date once", async () => {
  const { stub } = await anOldMailbox(`u${randomId(16)}`);
  for (let n = 0; n < 2; n++) {
    await evictDurableObject(stub);
    expect(await stub.passwordSalt()).toBe("salt");
  }
});

/** Where messages were on the first day: in one folder or several, thrown away, written, flagged, read. */
const PLACES = [[1], [6], [5], [3], [1, 2], [2, 9], [1, 2, 9], [4], [6, 5]];

/** `count` messages in all of these places, and the counts that the first day's code kept of them. */
async function aFullOldMailbox(user_id: string, count: number) {
  const { stub } = await anOldMailbox(user_id);
  await runInDurableObject(stub, (_mailbox, { storage: { sql } }) => {
    for (const table of ["message", "folder_message", "unread", "body", "folder", "submission", "change"]) {
      sql.exec(`DELETE FROM ${table}`);
    }
    const roles = ["inbox", "archive", "drafts", "sent", "junk", "trash", "flagged", "all", null];
    for (const [n, role] of roles.entries()) {
      sql.exec("INSERT INTO folder (id, name, role) VALUES (?, ?, ?)", n + 1, role ?? "Own", role);
    }
    for (let n = 0; n < count; n++) {
      const [id, places] = [ID + n * 40_000_000_000, PLACES[n % PLACES.length] ?? []];
      const attachments =
        n % 3 === 0 ? '[{"n":0,"content_type":"text/x-ä","size":7},{"n":1,"content_type":"a/b","size":0}]' : "[]";
      const flags = [n % 2, n % 5 === 0 ? 1 : 0, places.includes(3) ? 1 : 0, n % 3 === 0 ? 1 : 0];
      const [thread, key] = [ID + (n % 7) * 40_000_000_000, `raw/${user_id}/${n}`];
      sql.exec(
        `INSERT INTO message VALUES (?, ?, ?, NULL, '[]', 's', NULL, '[]', '[]', '[]', '[]', NULL, '', ${10 + n},
          ${flags.join()}, ?, ?, ?, '', '', '[]', NULL)`,
        ...[id, thread, `m${n % 4}`, attachments, JSON.stringify(places), key],
      );
      sql.exec(
        "INSERT INTO fingerprint VALUES (?, ?)",
        n.toString(16).padStart(64, "0").split("").reverse().join(""),
        id,
      );
      for (const place of places) {
        sql.exec("INSERT INTO folder_message VALUES (?, ?)", place, id);
        if (n % 2 === 0) sql.exec("INSERT INTO unread VALUES (?, ?)", place, id);
      }
    }
    sql.exec(`UPDATE folder SET total = (SELECT count(*) FROM folder_message WHERE folder_id = folder.id),
      unread = (SELECT count(*) FROM unread WHERE folder_id = folder.id)`);
    sql.exec(`UPDATE folder SET (total, unread) = (SELECT count(*), coalesce(sum(is_read = 0), 0) FROM message
      WHERE folder.id = 8 OR is_flagged) WHERE id IN (7, 8)`);
  });
  return stub;
}

it.each([0, 1, 60])(
  "a full mailbox of the first day (%i messages) has nothing wrong with it afterwards",
  async (count) => {
    const stub = await aFullOldMailbox(`u${randomId(16)}`, count);
    await evictDurableObject(stub);
    let total = 0;
    for (let after: number | null = -1; after !== null; ) {
      const page: VerifyPage = await stub.operator().verify(after);
      total += page.checked;
      // Their bytes were never there.
      expect(page.problems.filter(({ message }) => !message.endsWith("is not in the store"))).toEqual([]);
      after = page.next;
    }
    expect(total).toBe(count);
    // What the alarm has begun meanwhile comes to its end.
    const left = () =>
      runInDurableObject(stub, (_mailbox, { storage: { sql } }) =>
        sql.exec("SELECT unindexed_below FROM account").one(),
      );
    await expect.poll(left, { timeout: 10_000 }).toEqual({ unindexed_below: 0 });
  },
);

/** Each version that there was, and how many migrations it had. */
const VERSIONS = migrations.journal.entries.map(({ tag }, n): [string, number] => [tag, n + 1]);

it.each(VERSIONS)("a mailbox of the version %s comes up to date and has nothing wrong with it", async (_tag, count) => {
  const user_id = `u${randomId(16)}`;
  const stub = env.MAILBOX.getByName(user_id);
  const older = {
    ...migrations,
    journal: { ...migrations.journal, entries: migrations.journal.entries.slice(0, count) },
  };
  await runInDurableObject(stub, async (_mailbox, { storage }) => {
    await migrate(drizzle(storage), older);
    storage.sql.exec(
      `INSERT INTO account (user_id, email, name, id_mask, password_salt, password_hash, created_at)
        VALUES (?, 'old@a.test', 'Old', 12345, 'salt', 'hash', ?)`,
      ...[user_id, TIME],
    );
    const roles = ["inbox", "archive", "drafts", "sent", "junk", "trash", "flagged", "all"];
    for (const [n, role] of roles.entries()) {
      storage.sql.exec("INSERT INTO folder (id, name, role) VALUES (?, ?, ?)", n + 1, role, role);
    }
    storage.sql.exec(
      `INSERT INTO submission (id, raw_key, mail_from, report_to, created_at, send_at, next_attempt_at)
        VALUES (?, 'raw/x', '', 'nobody', ?, ?, ?)`,
      ...[ID, TIME, TIME, TIME + 10 ** 12],
    );
    storage.sql.exec(
      "INSERT INTO submission_recipient (submission_id, email, state, updated_at) VALUES (?, 'z@far.example', 'queued', ?)",
      ...[ID, TIME],
    );
  });
  await evictDurableObject(stub);
  expect((await stub.operator().verify(-1)).problems).toEqual([]);
  const after = await runInDurableObject(stub, (_mailbox, { storage: { sql } }) => ({
    applied: sql.exec("SELECT 1 FROM __drizzle_migrations").toArray().length,
    recipients: sql.exec("SELECT email, state, attempts, uncertain_attempts FROM submission_recipient").toArray(),
  }));
  expect(after).toEqual({
    applied: migrations.journal.entries.length,
    recipients: [{ email: "z@far.example", state: "queued", attempts: 0, uncertain_attempts: 0 }],
  });
});
