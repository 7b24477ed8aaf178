/**
 * What merging the whole text index into one segment would bring: time of queries, size, work. The answer is in
 * docs/decisions/0016-the-index-is-merged-once-a-week.md. Run by name: `npx vitest run --config bench/vitest.config.ts optimise`.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { it } from "vitest";
import { INDEX_COLUMNS } from "../mail/query/match-expression.ts";
import { readContent } from "../workers/storage/read-content.ts";
import { generate } from "./generate.ts";
import { timed } from "./inside.ts";
import { QUERIES } from "./queries.ts";
import { printTable } from "./table.ts";

const SIZES = ((env as { BENCH_SIZES?: string }).BENCH_SIZES ?? "20000").split(",").map(Number);
const MESSAGES = Math.min(60_000, Math.max(...SIZES));
const COLUMNS = INDEX_COLUMNS.join(", ");
/** Pages that one step merges. */
const STEP = 64;

it("an index of one segment", async () => {
  const stub = env.MAILBOX.getByName("optimise");
  const inside = <T>(work: (sql: SqlStorage, storage: DurableObjectStorage) => T) =>
    runInDurableObject(stub, (_, { storage }) => work(storage.sql, storage));
  await inside((sql) =>
    sql.exec(`CREATE VIRTUAL TABLE raw USING fts5(${COLUMNS}, content = '', contentless_delete = 1,
      tokenize = 'unicode61 remove_diacritics 2')`),
  );
  const mail = generate(MESSAGES);
  for (let from = 0; from < MESSAGES; from += 500) {
    const batch = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const next = mail.next().value;
        return (await readContent(new Uint8Array(next?.raw ?? []))).index;
      }),
    );
    // One transaction for each message, as a delivery is one.
    await inside((sql, storage) => {
      for (const [n, index] of batch.entries()) {
        const values = INDEX_COLUMNS.map((column) => index[column]);
        storage.transactionSync(() =>
          sql.exec(
            `INSERT INTO raw (rowid, ${COLUMNS}) VALUES (CAST(? AS INTEGER)${", ?".repeat(8)})`,
            from + n + 1,
            ...values,
          ),
        );
      }
    });
  }
  const classes = Object.entries(QUERIES).flatMap(([name, { raw }]) => (raw === undefined ? [] : [{ name, raw }]));
  const measure = () =>
    inside((sql) => ({
      megabytes: sql.databaseSize / 1e6,
      times: classes.map(({ raw }) =>
        timed(() => sql.exec("SELECT rowid FROM raw WHERE raw MATCH ? ORDER BY rowid DESC LIMIT 50", raw).toArray()),
      ),
    }));
  const before = await measure();
  const steps = await inside(mergeAll);
  const after = await measure();
  const rows = classes.map(({ name }, n) => [
    name,
    (before.times[n]?.p50 ?? 0).toFixed(3),
    (after.times[n]?.p50 ?? 0).toFixed(3),
  ]);
  console.log(`\n== ${MESSAGES} messages, newest 50, p50 in ms`);
  printTable(["query", "as delivered", "one segment"], rows);
  console.log(
    `${before.megabytes.toFixed(1)} MB, then ${after.megabytes.toFixed(1)}; ${steps.length} steps, the longest ${Math.max(...steps).toFixed(0)} ms, all of them ${steps.reduce((sum, ms) => sum + ms, 0).toFixed(0)} ms`,
  );
});

/** FTS5's `optimize`, in steps: the first rank is negative, and a step that changes nothing is the last. */
function mergeAll(sql: SqlStorage): number[] {
  const changes = () => sql.exec<{ n: number }>("SELECT total_changes() AS n").one().n;
  const steps: number[] = [];
  for (let rank = -STEP; ; rank = STEP) {
    const [began, changed] = [performance.now(), changes()];
    sql.exec("INSERT INTO raw(raw, rank) VALUES ('merge', CAST(? AS INTEGER))", rank);
    steps.push(performance.now() - began);
    if (changes() - changed < 2) return steps;
  }
}
