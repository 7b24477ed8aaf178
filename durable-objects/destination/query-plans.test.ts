import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { describe, expect, it } from "vitest";
import * as tables from "../../schema/destination/tables.ts";
import * as directoryTables from "../../schema/directory/tables.ts";
import type { DirectoryDb } from "../directory/directory-database.ts";
import { said, totals, waitingPage } from "../directory/entries.ts";
import { add } from "./counters.ts";
import type { DestinationDb } from "./destination-database.ts";
import { admit, endSlot } from "./slots.ts";
import * as waiting from "./waiting.ts";

type Statement = [text: string, values: unknown[]];

/** How SQLite runs each statement: the lines of EXPLAIN QUERY PLAN. */
const explain = (sql: SqlStorage, statements: Statement[]): string[] =>
  statements.flatMap(([text, values]) =>
    sql
      .exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values)
      .toArray()
      .map(({ detail }) => detail),
  );

async function plansOf(work: (db: DestinationDb) => void): Promise<string[]> {
  const name = `${crypto.randomUUID()}.example`;
  const stub = env.DESTINATION.getByName(name);
  await stub.count(name, { sent: 1 });
  return runInDurableObject(stub, (_object, { storage }) => {
    const statements: Statement[] = [];
    const logger = { logQuery: (text: string, values: unknown[]) => void statements.push([text, values]) };
    work(drizzle(storage, { schema: tables, logger }));
    return explain(storage.sql, statements);
  });
}

async function directoryPlansOf(work: (db: DirectoryDb) => void): Promise<string[]> {
  const stub = env.DIRECTORY.getByName(crypto.randomUUID());
  await stub.totals();
  return runInDurableObject(stub, (_object, { storage }) => {
    const statements: Statement[] = [];
    const logger = { logQuery: (text: string, values: unknown[]) => void statements.push([text, values]) };
    work(drizzle(storage, { schema: directoryTables, logger }));
    return explain(storage.sql, statements);
  });
}

/** Steps that read or sort more than a page. `destination` has one row, `slot` and `counter` a few. */
const slow = (plans: string[]): string[] =>
  plans.filter((step) => /^SCAN (?!destination|slot|counter)|TEMP B-TREE/.test(step));

const KEY = { user_id: "u0000000000000000", submission_id: 1 };
const WAITS = { ...KEY, recipients: 1, cause: null, next_attempt_at: 1 };

describe("however much waits, no more than a page is read", () => {
  it.each<[string, (db: DestinationDb) => void]>([
    ["admitting and ending", (db) => [admit(db, "a.example", 1, 0), endSlot(db, "a.example", 1, "well", 2)]],
    ["counting", (db) => add(db, { sent: 1 })],
    ["what begins to wait", (db) => waiting.keepWaiting(db, WAITS, 1)],
    ["what waits no longer", (db) => waiting.noLongerWaits(db, KEY)],
    ["what is late", (db) => waiting.stale(db, 1, 10)],
    ["what is not due yet", (db) => waiting.notYetDue(db, 1, 10)],
  ])("%s", async (_, work) => {
    expect(slow(await plansOf(work))).toEqual([]);
  });

  it.each<[string, (db: DestinationDb) => void, string]>([
    ["a page", (db) => waiting.listWaiting(db, [1, 1], 10), "waiting_since"],
    ["the totals", (db) => waiting.waitingTotals(db), "waiting_since"],
    ["when the next is late", (db) => waiting.nextStale(db), "waiting_next"],
    ["the causes", (db) => waiting.waitingCauses(db), "waiting_since"],
  ])("%s, in the order of an index", async (_, work, index) => {
    expect((await plansOf(work)).join("\n")).toContain(index);
  });

  it("the Directory writes an entry by its name", async () => {
    const entry = { submissions: 1, recipients: 1, oldest_at: 1, causes: [], concurrency: 5, per_minute: 1 };
    const rest = { paused_until: 0, counters: {}, said_at: 1 };
    expect(slow(await directoryPlansOf((db) => said(db, { name: "a.example", ...entry, ...rest })))).toEqual([]);
  });

  it("the Directory's looks at what waits pass over the destinations for which nothing does", async () => {
    const looks: ((db: DirectoryDb) => void)[] = [totals, (db) => waitingPage(db, [1, "a"], 10)];
    for (const look of looks) {
      const plan = (await directoryPlansOf(look)).join("\n");
      expect(plan).toContain("entry_waiting");
      expect(plan).not.toContain("TEMP B-TREE");
    }
  });
});
