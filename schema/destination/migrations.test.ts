import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { expect, it } from "vitest";
import { migrations as directoryMigrations } from "../directory/migrations/index.ts";
import { migrations } from "./migrations/index.ts";

const TIME = 1_700_000_000_000;

/** The list as it was on the first day. */
const first = <T extends { journal: { entries: unknown[] } }>(all: T): T => ({
  ...all,
  journal: { ...all.journal, entries: all.journal.entries.slice(0, 1) },
});

function rowsOf(sql: SqlStorage): Record<string, Record<string, SqlStorageValue>[]> {
  const tables = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite_*'",
  );
  return Object.fromEntries(tables.toArray().map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]));
}

type Row = [table: string, ...values: SqlStorageValue[]];

const write = (sql: SqlStorage, rows: Row[]): void => {
  for (const [table, ...values] of rows) {
    sql.exec(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, ...values);
  }
};

it("a destination of the first day is brought up to date when it is next asked, and keeps its rows", async () => {
  const stub = env.DESTINATION.getByName(`${crypto.randomUUID()}.example`);
  const before = await runInDurableObject(stub, async (_object, { storage }) => {
    await migrate(drizzle(storage), first(migrations));
    write(storage.sql, [
      ["destination", "far.example", 2.5, 60, 5, TIME, 2, TIME, TIME, 7, 9, 1, 3],
      ["slot", 1, TIME, TIME],
      ["waiting", "u0000000000000000", 1, 3, "4.3.2", "451 Later", TIME, TIME],
      ["counter", "sent", 12],
    ]);
    return rowsOf(storage.sql);
  });
  expect(Object.values(before).every((rows) => rows.length > 0)).toBe(true);
  await evictDurableObject(stub);
  expect(await stub.describe(null, 10)).toMatchObject({ submissions: 1, recipients: 3 });
  const after = await runInDurableObject(stub, (_object, { storage }) => rowsOf(storage.sql));
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toMatchObject(rows);
});

it("a directory of the first day is brought up to date when it is next asked, and keeps its rows", async () => {
  const stub = env.DIRECTORY.getByName(crypto.randomUUID());
  const before = await runInDurableObject(stub, async (_object, { storage }) => {
    await migrate(drizzle(storage), first(directoryMigrations));
    write(storage.sql, [
      ["entry", 1, "far.example", 2, 3, TIME, "[]", 5, 3000, 0, '{"sent":1}', TIME],
      ["alert", "MM-QUEUE-SIZE", 1, "so many", TIME, 0],
    ]);
    return rowsOf(storage.sql);
  });
  await evictDurableObject(stub);
  expect(await stub.totals()).toEqual({ destinations: 1, submissions: 2, recipients: 3, oldest_at: TIME });
  const after = await runInDurableObject(stub, (_object, { storage }) => rowsOf(storage.sql));
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toMatchObject(rows);
});
