/**
 * Looks through a mailbox for anything that does not fit together: placement, unread, index, bodies, bytes in R2, then
 * counts, heads of threads, usage and the log. In slices by id, so that nobody waits for long; the sums at the end are
 * one read of each table.
 */
import { type SQL, sql } from "drizzle-orm";
import type { VerifyPage } from "../../contract/admin.ts";
import { parseRawLocation } from "../../contract/r2-keys.ts";
import { blobsOf, unpackSkeleton } from "../../contract/split-manifest.ts";
import { message } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { DERIVED } from "./derived.ts";
import { folderRows } from "./folders.ts";
import type { Mailbox, MessageRow } from "./mailbox-database.ts";
import { messageIdOf } from "./object-ids.ts";
import { heldByUploads } from "./upload-row.ts";

/** Messages of one call: each is asked for in R2, with its parts, and the platform grants a thousand such calls. */
const SLICE = 40;

type Found = VerifyPage["problems"];

/** `after`: the id that the last call came to; -1 begins. `next` is null when all was looked at. */
export async function verify(box: Mailbox, env: ObjectEnv, after: number): Promise<VerifyPage> {
  const rows = box.db.select().from(message).where(sql`id > ${after}`).orderBy(sql`id`).limit(SLICE).all();
  const last = rows.at(-1);
  const { n: total } = box.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message`);
  if (last === undefined)
    return {
      ...{ checked: 0, total, next: null },
      problems: [...findStrays(box), ...findWrongSums(box), ...(await findInUploads(box, env))],
    };
  const problems = [...findInTables(box, rows), ...(await findInStore(box, env, rows))];
  return { checked: rows.length, total, next: last.id, problems };
}

/** What the rows of a message say against what stands beside them. */
function findInTables(box: Mailbox, rows: MessageRow[]): Found {
  const problems: Found = [];
  const between = sql`BETWEEN ${rows[0]?.id ?? 0} AND ${rows.at(-1)?.id ?? 0}`;
  const pairs = (table: SQL) => {
    const found = box.db.all<{ id: number; folder_id: number }>(
      sql`SELECT p.message_id AS id, p.folder_id FROM folder f CROSS JOIN ${table} p
        ON p.folder_id = f.id AND p.message_id ${between}`,
    );
    return Map.groupBy(found, ({ id }) => id);
  };
  const [placed, unread] = [pairs(sql`folder_message`), pairs(sql`unread`)];
  const indexed = new Set(
    box.db.all<{ id: number }>(sql`SELECT rowid AS id FROM message_index WHERE rowid ${between}`).map(({ id }) => id),
  );
  const { unindexed_below } = box.db.get<{ unindexed_below: number }>(sql`SELECT unindexed_below FROM account`);
  for (const row of rows) {
    const say = (text: string) => problems.push({ at: messageIdOf(box, row.id), message: text });
    const inFolders = (map: typeof placed) => list((map.get(row.id) ?? []).map(({ folder_id }) => folder_id));
    if (inFolders(placed) !== list(row.folder_ids)) say("its folders are not those that its row names");
    if (inFolders(unread) !== (row.is_read ? "" : list(row.folder_ids)))
      say("it is unread in other folders than it is in");
    if (!indexed.has(row.id) && row.id >= unindexed_below) say("it is not in the index");
    if (row.folder_ids.length === 0) say("it is in no folder");
  }
  return problems;
}

const list = (ids: number[]): string => ids.toSorted((a, b) => a - b).join(" ");

async function findInStore(box: Mailbox, env: ObjectEnv, rows: MessageRow[]): Promise<Found> {
  const found = await Promise.all(
    rows.map(async ({ id, raw_key }) => {
      const missing = await missingBytes(box, env, raw_key);
      return missing.map((text) => ({ at: messageIdOf(box, id), message: text }));
    }),
  );
  return found.flat();
}

/** What a location refers to and is not there, or does not know that it is referred to. */
async function missingBytes(box: Mailbox, env: ObjectEnv, location: string): Promise<string[]> {
  const raw = parseRawLocation(location);
  if (raw.kind !== "split") return (await env.MAIL.head(raw.key)) === null ? [`${raw.key} is not in the store`] : [];
  const object = await env.MAIL.get(raw.key);
  if (object === null) return [`${raw.key} is not in the store`];
  const { manifest } = unpackSkeleton(new Uint8Array(await object.arrayBuffer()));
  const parts = blobsOf(manifest).map(async (sha256) => {
    const isHeld = await env.BLOB.getByName(sha256).isHeldBy(box.user_id, raw.reference, sha256);
    return isHeld ? [] : [`an attachment of ${raw.key} is not in the store, or may leave it: ${sha256}`];
  });
  return (await Promise.all(parts)).flat();
}

/** Files that wait for their messages, of which the Blob knows nothing. */
async function findInUploads(box: Mailbox, env: ObjectEnv): Promise<Found> {
  const found: Found = [];
  for (const { id, sha256, reference } of heldByUploads(box.db)) {
    const isHeld = await env.BLOB.getByName(sha256).isHeldBy(box.user_id, reference, sha256);
    if (!isHeld)
      found.push({ at: `upload ${id}`, message: `its file is not in the store, or may leave it: ${sha256}` });
  }
  return found;
}

/** Rows beside messages that are not there. */
function findStrays({ db }: Mailbox): Found {
  const tables = ["folder_message", "unread", "folder_thread", "body", "discarded"].map((table) => ({
    table,
    stray: sql.raw(`SELECT count(*) AS n FROM ${table} t
      WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = t.message_id)`),
  }));
  const index = sql`SELECT count(*) AS n FROM message_index WHERE rowid NOT IN (SELECT id FROM message)`;
  return [...tables, { table: "message_index", stray: index }].flatMap(({ table, stray }) => {
    const { n } = db.get<{ n: number }>(stray);
    return n === 0 ? [] : [{ at: table, message: `${n} rows of messages that are not here` }];
  });
}

/** What is kept as a sum or a choice, against what it is a sum or a choice of. */
function findWrongSums(box: Mailbox): Found {
  const { db } = box;
  const derived = DERIVED.flatMap(({ table, columns, from, where = "1" }) => {
    const stored = `SELECT ${columns} FROM ${table} WHERE ${where}`;
    const wanted = `SELECT * FROM (${from})`;
    const { n } = db.get<{ n: number }>(
      sql.raw(`SELECT (SELECT count(*) FROM (${stored} EXCEPT ${wanted}))
        + (SELECT count(*) FROM (${wanted} EXCEPT ${stored})) AS n`),
    );
    return n === 0 ? [] : [{ at: table, message: `${n} rows are not what the messages come to` }];
  });
  const log = db.get<{ gaps: number; newest: number }>(
    sql`SELECT coalesce(max(modseq), 0) - (SELECT oldest_state FROM account) - count(*) AS gaps,
      coalesce(max(modseq), 0) AS newest FROM change WHERE modseq > (SELECT oldest_state FROM account)`,
  );
  const ahead = folderRows(db).filter(({ modseq }) => modseq > Math.max(log.newest, 0));
  return [
    ...derived,
    ...(log.gaps === 0 ? [] : [{ at: "change", message: `${log.gaps} changes are missing in the log` }]),
    ...ahead.map(({ name }) => ({ at: "folder", message: `${name} changed later than anything did` })),
  ];
}
