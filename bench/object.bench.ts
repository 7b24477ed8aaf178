/**
 * Inside the object: how long each operation takes at each size of the mailbox, how many rows it reads and writes (what
 * the platform bills), and raw FTS5 on the same text in the same run. `npm run bench` runs it last.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { it } from "vitest";
import { UserId } from "../contract/ids.ts";
import { rawKey } from "../contract/r2-keys.ts";
import { randomId } from "../contract/random-id.ts";
import { SearchMessages } from "../contract/search.ts";
import { changesSince, currentState } from "../durable-objects/mailbox/change-log.ts";
import { deliver } from "../durable-objects/mailbox/deliver.ts";
import { listFolders } from "../durable-objects/mailbox/folders.ts";
import { tidy } from "../durable-objects/mailbox/housekeeping.ts";
import type { Letter } from "../durable-objects/mailbox/letter.ts";
import { listMessages } from "../durable-objects/mailbox/list-messages.ts";
import type { Mailbox } from "../durable-objects/mailbox/mailbox-database.ts";
import { folderIdOf, messageIdOf } from "../durable-objects/mailbox/object-ids.ts";
import { openMessage } from "../durable-objects/mailbox/read-messages.ts";
import { search } from "../durable-objects/mailbox/search.ts";
import { updateMessages } from "../durable-objects/mailbox/update-messages.ts";
import { fingerprintOf } from "../mail/fingerprint.ts";
import { INDEX_COLUMNS } from "../mail/query/match-expression.ts";
import * as tables from "../schema/mailbox/tables.ts";
import { readContent } from "../workers/storage/read-content.ts";
import { generate } from "./generate.ts";
import { counted, meanOf, type Rows, timed, timedEach } from "./inside.ts";
import { prices } from "./prices.ts";
import { QUERIES } from "./queries.ts";
import { printTable } from "./table.ts";

const SIZES = (env as { BENCH_SIZES?: string }).BENCH_SIZES?.split(",").map(Number) ?? [1_000, 10_000];
const START = Date.UTC(2024, 0, 1);
/** Between two arrivals: 100,000 messages are three years. */
const EVERY_MS = 16 * 60_000;

interface Opened {
  box: Mailbox;
  sql: SqlStorage;
  storage: DurableObjectStorage;
}

async function anObject(): Promise<{
  stub: DurableObjectStub;
  inside: <T>(work: (opened: Opened) => T) => Promise<T>;
}> {
  const user_id = UserId.parse(`u${randomId(16)}`);
  const stub = env.MAILBOX.getByName(user_id);
  await stub.create({ user_id, email: "alice@mesh.test", name: "", password: null });
  const inside = <T>(work: (opened: Opened) => T) =>
    runInDurableObject(stub, (_, { storage }) => {
      const db = drizzle(storage, { schema: tables });
      return work({ box: { db, user_id, email: "alice@mesh.test", name: "", id_mask: 0 }, sql: storage.sql, storage });
    });
  return { stub, inside };
}

async function letterOf(raw: Buffer, n: number): Promise<Letter> {
  const bytes = new Uint8Array(raw);
  return {
    raw_key: rawKey("bench", String(n)),
    added_fields: "",
    size: bytes.byteLength,
    content: await readContent(bytes),
    return_path: "",
    delivered_to: ["alice@mesh.test"],
    received_at: START + n * EVERY_MS,
    fingerprint: fingerprintOf(bytes).hash,
    repeat_window: 1000,
  };
}

const RAW_COLUMNS = INDEX_COLUMNS.join(", ");

it("inside the object", async () => {
  const mailbox = await anObject();
  const raw = await anObject();
  await raw.inside(({ sql }) => {
    sql.exec(`CREATE VIRTUAL TABLE raw USING fts5(${RAW_COLUMNS}, content = '', contentless_delete = 1,
      tokenize = 'unicode61 remove_diacritics 2')`);
  });
  const mail = generate(Math.max(...SIZES) + 5000);
  let stored = 0;
  const medians = new Map<string, number[]>();
  for (const size of SIZES) {
    const began = Date.now();
    while (stored < size) stored = await fill(mailbox, raw, mail, stored, Math.min(stored + 100, size));
    // One in two hundred is flagged, one in three read: as in a mailbox that is used.
    await mailbox.inside(({ sql }) => {
      sql.exec("UPDATE message SET is_flagged = (id / 1024 / ?) % 200 = 0", EVERY_MS);
      return sql.databaseSize;
    });
    console.log(`\n== inside the object, ${size} messages (filled in ${((Date.now() - began) / 1000).toFixed(0)} s)`);
    // The first time is the compiler's.
    if (size === SIZES[0]) await measure(mailbox, raw, mail, size);
    const rows = await measure(mailbox, raw, mail, size);
    for (const { name, p50 } of rows) medians.set(name, [...(medians.get(name) ?? []), p50]);
    printTable(["operation", "p50 ms", "p95 ms", "rows read", "written", "raw FTS5 ms", "limit"], rows.map(asRow));
    console.log(await sizes(mailbox, raw));
    console.log(await tidying(mailbox));
    for (const line of prices(rows)) console.log(line);
  }
  console.log(`\n== ${SIZES.at(-1)} messages against ${SIZES[0]} (at most 1.5 ×)`);
  printTable(
    ["operation", "times"],
    [...medians].map(([name, all]) => {
      const times = (all.at(-1) ?? 0) / Math.max(all[0] ?? 0, 0.02);
      return [name, `${times.toFixed(2)}${times > 1.5 ? "  MISSED" : ""}`];
    }),
  );
});

type AnObject = Awaited<ReturnType<typeof anObject>>;

async function fill(mailbox: AnObject, raw: AnObject, mail: ReturnType<typeof generate>, from: number, to: number) {
  const letters: Letter[] = [];
  for (let n = from; n < to; n++) {
    const next = mail.next().value;
    if (next) letters.push(await letterOf(next.raw, n));
  }
  await mailbox.inside(({ box }) => {
    for (const letter of letters) deliver(box, letter);
  });
  await raw.inside(({ sql }) => {
    for (const [n, { content }] of letters.entries()) {
      const values = INDEX_COLUMNS.map((column) => content.index[column]);
      sql.exec(
        `INSERT INTO raw (rowid, ${RAW_COLUMNS}) VALUES (CAST(? AS INTEGER)${", ?".repeat(8)})`,
        from + n + 1,
        ...values,
      );
    }
  });
  return to;
}

interface Measured {
  name: string;
  p50: number;
  p95: number;
  rows: Rows;
  raw?: number;
  limit?: number;
}

async function measure(
  mailbox: AnObject,
  raw: AnObject,
  mail: ReturnType<typeof generate>,
  size: number,
): Promise<Measured[]> {
  const letters: Letter[] = [];
  for (let n = 0; n < 350; n++) {
    const next = mail.next().value;
    if (next) letters.push(await letterOf(next.raw, size + n));
  }
  const measured: Measured[] = [];
  const say = async (name: string, limit: number | undefined, work: (opened: Opened, n: number) => unknown) => {
    const rows = await mailbox.inside((opened) => counted(opened.sql, () => work(opened, 0)));
    const times = await mailbox.inside((opened) => timed((n) => work(opened, n + 1)));
    measured.push({ name, ...times, rows, ...(limit === undefined ? {} : { limit }) });
  };
  const rows = await mailbox.inside(({ box, sql }) =>
    meanOf(letters.splice(0, 50).map((letter) => counted(sql, () => deliver(box, letter)))),
  );
  const times = await mailbox.inside(({ box }) => timedEach(letters, (letter) => deliver(box, letter)));
  measured.push({ name: "delivery", ...times, rows });
  const inbox = (box: Mailbox) => folderIdOf(box, 1);
  await say("folders", undefined, ({ box }) => listFolders(box));
  await say("inbox page of 50", undefined, ({ box }) => listMessages(box, inbox(box), { limit: 50 }));
  await say("page collapsed by thread", undefined, ({ box }) =>
    listMessages(box, inbox(box), { limit: 50, collapse: "thread" }),
  );
  const page = await mailbox.inside(({ box }) =>
    listMessages(box, inbox(box), { limit: 100 }).messages.map(({ id }) => id),
  );
  const nth = (n: number) => page.slice(n % page.length, (n % page.length) + 1);
  await say("open a message", undefined, ({ box }, n) => nth(n).map((id) => openMessage(box, id)));
  await say("mark read", undefined, ({ box }, n) =>
    updateMessages(box, { ids: nth(n), is_read: Math.floor(n / page.length) % 2 === 0 }),
  );
  const thousand = await mailbox.inside(({ box, sql }) =>
    sql
      .exec<{ id: number }>("SELECT id FROM message ORDER BY id DESC LIMIT 1000")
      .toArray()
      .map(({ id }) => messageIdOf(box, id)),
  );
  await say("mark 1,000 in a batch", undefined, ({ box }, n) =>
    updateMessages(box, { ids: thousand, is_read: n % 2 === 0 }),
  );
  await say("changes, the last 10", undefined, ({ box }) => changesSince(box, currentState(box.db) - 10));
  for (const [name, { q, raw: match, prefix, isWords }] of Object.entries(QUERIES)) {
    const request = SearchMessages.parse({ q, limit: "50", ...(prefix ? { prefix: "true" } : {}) });
    await say(`search: ${name}`, isWords ? 1 : 5, ({ box }) => search(box, request, Date.now()));
    const last = measured.at(-1);
    if (match === undefined || last === undefined) continue;
    const times = await raw.inside(({ sql }) =>
      timed(() => sql.exec("SELECT rowid FROM raw WHERE raw MATCH ? ORDER BY rowid DESC LIMIT 50", match).toArray()),
    );
    last.raw = times.p50;
  }
  return measured;
}

function asRow({ name, p50, p95, rows, raw, limit }: Measured): string[] {
  const verdict = limit === undefined ? "" : `${limit} ms: ${p50 <= limit ? "reached" : "MISSED"}`;
  const numbers = [p50.toFixed(2), p95.toFixed(2), rows.read.toFixed(1), rows.written.toFixed(1)];
  return [name, ...numbers, raw === undefined ? "" : raw.toFixed(2), verdict];
}

/** The longest that a reader waits for the alarm: one step of its tidying, with as much to do as it takes at once. */
async function tidying(mailbox: AnObject): Promise<string> {
  const longest = await mailbox.inside(({ box, sql, storage }) => {
    const newest = sql.exec<{ id: number }>("SELECT id FROM message ORDER BY id DESC LIMIT 200").toArray();
    updateMessages(box, { ids: newest.map(({ id }) => messageIdOf(box, id)), delete: true });
    const inAMonth = Date.now() + 31 * 24 * 3_600_000;
    let longest = 0;
    for (let n = 0; n < 4; n++) {
      storage.kv.put("tidy_at", 0);
      const began = performance.now();
      tidy(box, storage, { ...env, BODY_BUDGET_BYTES: "1" }, inAMonth);
      longest = Math.max(longest, performance.now() - began);
    }
    return longest;
  });
  return `one alarm's tidying, 25 messages and 200 bodies: ${longest.toFixed(0)} ms (at most 50: ${longest <= 50 ? "reached" : "MISSED"})`;
}

async function sizes(mailbox: AnObject, raw: AnObject): Promise<string> {
  const perRow = (table: string) => (opened: Opened) =>
    opened.sql.databaseSize / opened.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n / 1000;
  const whole = await mailbox.inside(perRow("message"));
  const index = await raw.inside(perRow("raw"));
  const verdict = index <= 3 ? "reached" : "MISSED";
  return `the object: ${whole.toFixed(2)} kB a message; the text index alone (raw FTS5): ${index.toFixed(2)} kB (at most 3: ${verdict})`;
}
