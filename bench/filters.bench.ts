/** What filters cost a delivery: milliseconds inside the object, and rows written, beside a delivery without any. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { it } from "vitest";
import { CreateFilter } from "../contract/filters.ts";
import { UserId } from "../contract/ids.ts";
import { rawKey } from "../contract/r2-keys.ts";
import { randomId } from "../contract/random-id.ts";
import { deliver } from "../durable-objects/mailbox/deliver.ts";
import { createFilter } from "../durable-objects/mailbox/filters.ts";
import type { Letter } from "../durable-objects/mailbox/letter.ts";
import * as tables from "../schema/mailbox/tables.ts";
import { readContent } from "../workers/storage/read-content.ts";
import { generate } from "./generate.ts";
import { counted, meanOf, type Rows, timedEach } from "./inside.ts";
import { printTable } from "./table.ts";

const LETTERS = 200;

const CASES: [name: string, count: number, query: (n: number) => string, actions: object][] = [
  ["no filter", 0, () => "", {}],
  ["1 that does not match", 1, () => "subject:nothingsaysthis", { archive: true }],
  ["200 that do not match", 200, (n) => `from:nobody${n} subject:nothing${n}`, { archive: true }],
  ["1 that marks as read", 1, () => "in:inbox", { is_read: true }],
  ["1 that archives", 1, () => "in:inbox", { archive: true }],
];

it("a delivery with filters", async () => {
  const rows: string[][] = [];
  for (const [name, count, query, actions] of CASES) {
    const { p50, p95, written } = await measure(count, query, actions);
    rows.push([name, p50.toFixed(2), p95.toFixed(2), written.toFixed(1)]);
  }
  printTable(["a delivery with", "p50 ms", "p95 ms", "rows written"], rows);
});

async function measure(count: number, query: (n: number) => string, actions: object) {
  const user_id = UserId.parse(`u${randomId(16)}`);
  const stub = env.MAILBOX.getByName(user_id);
  await stub.create({ user_id, email: "alice@mesh.test", name: "", password: null });
  const letters: Letter[] = [];
  for (const { raw } of generate(2 * LETTERS)) letters.push(await letterOf(new Uint8Array(raw), letters.length));
  return runInDurableObject(stub, (_, { storage }) => {
    const db = drizzle(storage, { schema: tables });
    const box = { db, user_id, email: "alice@mesh.test", name: "", id_mask: 0 };
    for (let n = 0; n < count; n++) {
      createFilter(box, CreateFilter.parse({ conditions: { query: query(n) }, actions }), n);
    }
    const times = timedEach(letters.slice(0, LETTERS), (letter) => deliver(box, letter));
    const all: Rows[] = letters.slice(LETTERS).map((letter) => counted(storage.sql, () => deliver(box, letter)));
    return { ...times, written: meanOf(all).written };
  });
}

async function letterOf(bytes: Uint8Array<ArrayBuffer>, n: number): Promise<Letter> {
  return {
    ...{ raw_key: rawKey("bench", String(n)), added_fields: "", size: bytes.byteLength },
    content: await readContent(bytes),
    ...{
      return_path: "zoe@far.example",
      delivered_to: ["alice@mesh.test"],
      received_at: 1_700_000_000_000 + n * 60_000,
    },
    ...{ fingerprint: `bench-${n}`, repeat_window: 1 },
    examination: {
      ...{ authentication: null, warnings: [], attachment_scan: null, list_unsubscribe: null, link_hosts: [] },
      header: new TextEncoder().encode("From: zoe@far.example\r\n"),
    },
  };
}
