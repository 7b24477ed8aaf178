/**
 * What holds in every mailbox after every request, whatever the requests were. Accounts made with `aCheckedAccount`
 * are looked through after their test: counters, placement, unread, index, log, and what is in R2.
 */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { expect } from "vitest";
import { z } from "zod";
import { ChangedResource } from "../../contract/changes.ts";
import { blobKey, parseRawLocation, rawKey, uploadPrefix } from "../../contract/r2-keys.ts";
import { blobsOf, unpackSkeleton } from "../../contract/split-manifest.ts";
import { reference } from "../../schema/blob/tables.ts";
import * as tables from "../../schema/mailbox/tables.ts";
import { type Account, anAccount } from "./mesh.ts";

const INBOX = 1;
const ALL = 8;
const FLAGGED = 7;
const JUNK = 5;
const TRASH = 6;

const checked: Account[] = [];

/** What after-each.ts calls. */
export async function assertCheckedAccounts(): Promise<void> {
  for (const account of checked.splice(0)) await assertInvariants(account);
}

/** An account that is looked through when its test is over. */
export async function aCheckedAccount(...args: Parameters<typeof anAccount>): Promise<Account> {
  const account = await anAccount(...args);
  checked.push(account);
  return account;
}

export async function assertInvariants(account: Account): Promise<void> {
  const state = await tablesOf(account);
  assertPlacement(state);
  assertCounts(state);
  assertThreadHeads(state);
  assertUsage(state);
  assertIndex(state);
  assertLog(state);
  await assertBytes(account, state);
  await assertUploads(account, state);
}

type Tables = Awaited<ReturnType<typeof tablesOf>>;

function tablesOf(account: Account) {
  return runInDurableObject(account.stub, async (_object, { storage }) => {
    const db = drizzle(storage, { schema: tables });
    return {
      folders: db.select().from(tables.folder).all(),
      messages: db.select().from(tables.message).all(),
      placed: db.select().from(tables.folder_message).all(),
      unread: db.select().from(tables.unread).all(),
      heads: db.select().from(tables.folder_thread).all(),
      discarded: db.select().from(tables.discarded).all(),
      usage: db.select().from(tables.usage).all(),
      bodies: db.select({ id: tables.body.message_id }).from(tables.body).all(),
      changes: db.select().from(tables.change).orderBy(tables.change.modseq).all(),
      submissions: db.select().from(tables.submission).all(),
      recipients: db.select().from(tables.submission_recipient).all(),
      released: db.select().from(tables.released).all(),
      uploads: db.select().from(tables.upload).all(),
      indexed: db.all<{ rowid: number }>(sql`SELECT rowid FROM message_index ORDER BY rowid`),
      alarm: await storage.getAlarm(),
    };
  });
}

/** `message.folder_ids` says what `folder_message` says, and `unread` holds the unread ones of it, each and no other. */
function assertPlacement({ messages, placed, unread, folders, discarded }: Tables): void {
  const thrown = messages.filter(({ folder_ids }) => folder_ids.includes(TRASH) || folder_ids.includes(JUNK));
  expect(discarded.map(({ message_id }) => message_id).sort()).toEqual(thrown.map(({ id }) => id).sort());
  const pair = (folderId: number, messageId: number) => `${messageId} in ${folderId}`;
  const pairs = (rows: typeof placed) => rows.map((row) => pair(row.folder_id, row.message_id)).sort();
  const said = messages.flatMap(({ id, folder_ids }) => folder_ids.map((folderId) => pair(folderId, id))).sort();
  expect(pairs(placed)).toEqual(said);
  const isUnread = new Set(messages.filter(({ is_read }) => !is_read).map(({ id }) => id));
  expect(pairs(unread)).toEqual(pairs(placed.filter(({ message_id }) => isUnread.has(message_id))));
  const real = new Set(folders.filter(({ id }) => id !== ALL && id !== FLAGGED).map(({ id }) => id));
  for (const { folder_id } of placed) expect(real).toContain(folder_id);
  for (const { folder_ids } of messages) expect(folder_ids.length).toBeGreaterThan(0);
  for (const { folder_ids, snoozed_until } of messages) {
    if (snoozed_until !== null) expect(folder_ids.filter((id) => [INBOX, JUNK, TRASH].includes(id))).toEqual([]);
  }
  const ids = new Set([0, ...folders.map(({ id }) => id)]);
  for (const { parent_id } of folders) expect(ids).toContain(parent_id);
}

/** The counts of each folder, and of the views those of what they show. The row of `all` holds the others' excess. */
function assertCounts({ folders, messages }: Tables): void {
  const shownIn = (id: number) => (row: Tables["messages"][number]) =>
    id === ALL || (id === FLAGGED ? row.is_flagged : row.folder_ids.includes(id));
  const counted = folders.map(({ id }) => {
    const shown = messages.filter(shownIn(id));
    return { id, total: shown.length, unread: shown.filter(({ is_read }) => !is_read).length, size: sizeOf(shown) };
  });
  const real = folders.filter(({ id }) => id !== FLAGGED);
  const sum = (key: "total" | "unread" | "size") => real.reduce((total, row) => total + row[key], 0);
  const said = folders.map(({ id, total, unread, size }) =>
    id === ALL ? { id, total: sum("total"), unread: sum("unread"), size: sum("size") } : { id, total, unread, size },
  );
  expect(said).toEqual(counted);
}

const sizeOf = (rows: { size: number }[]): number => rows.reduce((sum, { size }) => sum + size, 0);

/** `folder_thread` holds the newest message of each thread in each folder, and nothing else. */
function assertThreadHeads({ heads, messages }: Tables): void {
  const newest = new Map<string, number>();
  for (const { id, thread_id, folder_ids } of messages) {
    for (const folderId of folder_ids) {
      const key = `${thread_id} in ${folderId}`;
      newest.set(key, Math.max(id, newest.get(key) ?? 0));
    }
  }
  const said = heads.map(({ folder_id, thread_id, message_id }) => [`${thread_id} in ${folder_id}`, message_id]);
  expect(said.sort()).toEqual([...newest].sort());
}

function assertUsage({ usage, messages }: Tables): void {
  const expected = new Map<string, { total: number; size: number }>();
  const add = (key: string, size: number) => {
    const { total, size: before } = expected.get(key) ?? { total: 0, size: 0 };
    expected.set(key, { total: total + 1, size: before + size });
  };
  for (const { id, size, attachments } of messages) {
    add(`year ${new Date(Math.floor(id / 1024)).getUTCFullYear()}`, size);
    for (const attachment of attachments) add(`attachment_type ${attachment.content_type}`, attachment.size);
  }
  const said = usage.filter(({ total, size }) => total !== 0 || size !== 0);
  expect(said.map(({ kind, key, total, size }) => [`${kind} ${key}`, { total, size }]).sort()).toEqual(
    [...expected].sort(),
  );
}

function assertIndex({ indexed, messages, bodies }: Tables): void {
  const ids = messages.map(({ id }) => id).sort((a, b) => a - b);
  expect(indexed.map(({ rowid }) => rowid)).toEqual(ids);
  for (const { id } of bodies) expect(ids).toContain(id);
}

/** The log has no gaps, and playing it gives the objects that are there. */
function assertLog({ changes, messages, submissions, folders }: Tables): void {
  expect(changes.map(({ modseq }) => modseq)).toEqual(changes.map((_, n) => n + 1));
  const alive = new Map<string, Set<number>>([
    ["message", new Set()],
    ["thread", new Set()],
    ["draft", new Set()],
    ["submission", new Set()],
    ["import", new Set()],
    ["folder", new Set([1, 2, 3, 4, 5, 6, 7, 8])],
    ["resource", new Set(ChangedResource.options.keys())],
  ]);
  for (const { type, op, object_id, modseq, thread_id } of changes) {
    if (op === "created" && object_id === thread_id) alive.get("thread")?.add(thread_id);
    else if (thread_id !== null) expect([...(alive.get("thread") ?? [])]).toContain(thread_id);
    const objects = alive.get(type);
    const isThere = objects?.has(object_id) ?? false;
    expect(`${modseq} ${op} ${type} ${object_id}: ${isThere}`).toBe(
      `${modseq} ${op} ${type} ${object_id}: ${op !== "created"}`,
    );
    if (op === "created") objects?.add(object_id);
    if (op === "destroyed") objects?.delete(object_id);
  }
  const sorted = (ids: Iterable<number> = []) => [...new Set(ids)].sort((a, b) => a - b);
  expect(sorted(alive.get("message"))).toEqual(sorted(messages.map(({ id }) => id)));
  expect(sorted(alive.get("thread"))).toEqual(sorted(messages.map(({ thread_id }) => thread_id)));
  expect(sorted(alive.get("draft"))).toEqual(sorted(messages.filter((row) => row.is_draft).map(({ id }) => id)));
  expect(sorted(alive.get("submission"))).toEqual(sorted(submissions.map(({ id }) => id)));
  expect(sorted(alive.get("folder"))).toEqual(sorted(folders.map(({ id }) => id)));
  for (const { modseq } of folders) expect(modseq).toBeLessThanOrEqual(changes.length);
}

/** A file that is whole has its Blob, one that is not has its parts, and no part is of an upload that is not there. */
async function assertUploads({ user_id }: Account, { uploads }: Tables): Promise<void> {
  for (const { sha256, received, progress } of uploads) {
    const { parts, reference: name } = uploadProgress.parse(progress);
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(sha256 === null || parts.length > 0 ? received : 0);
    if (sha256 !== null) expect(await holdersOf(sha256)).toContain(`${user_id} ${name}`);
    for (const key of sha256 === null ? parts.map((part) => part.key) : [blobKey(sha256)]) await assertThere(key);
  }
  const ids = uploads.map(({ id }) => id);
  for (const key of await keysUnder(uploadPrefix(user_id, "").slice(0, -1))) expect(ids).toContain(key.split("/")[2]);
}

const uploadProgress = z.object({
  parts: z.array(z.object({ key: z.string(), size: z.number() })),
  reference: z.string().nullable(),
});

/** Nothing is missing in R2 that something refers to, and nothing is there that nothing refers to. */
async function assertBytes(account: Account, { messages, submissions, released, alarm }: Tables): Promise<void> {
  const open = submissions.filter(({ next_attempt_at }) => next_attempt_at !== null);
  const needed = new Set([...messages, ...open].map(({ raw_key }) => raw_key));
  for (const location of needed) {
    const { kind, key } = parseRawLocation(location);
    await assertThere(key);
    if (kind === "split") await assertParts(account, key);
  }
  const ofMessages = new Set(messages.map(({ raw_key }) => raw_key));
  for (const { raw_key } of released) expect(ofMessages).not.toContain(raw_key);
  // Forwards have no copy here; who releases their bytes is the outbox's affair.
  const forwarded = submissions.filter(({ message_id }) => message_id === null);
  const known = new Set([...needed, ...[...released, ...forwarded].map(({ raw_key }) => raw_key)]);
  for (const key of await keysUnder(rawKey(account.user_id, ""))) expect(known).toContain(key);
  expect(alarm).not.toBeNull();
}

async function assertThere(key: string): Promise<void> {
  expect(`${key} ${(await env.MAIL.head(key)) === null ? "is missing" : "is there"}`).toBe(`${key} is there`);
}

/** The parts of a split message are there, and their Blobs know that it refers to them. */
async function assertParts({ user_id }: Account, key: string): Promise<void> {
  const object = await (await env.MAIL.get(key))?.arrayBuffer();
  for (const sha256 of blobsOf(unpackSkeleton(new Uint8Array(object ?? [])).manifest)) {
    await assertThere(blobKey(sha256));
    expect(await holdersOf(sha256)).toContain(`${user_id} ${key.split("/").at(-1)}`);
  }
}

/** Who refers to a Blob: user and reference. */
export const holdersOf = (sha256: string): Promise<string[]> =>
  runInDurableObject(env.BLOB.getByName(sha256), (_object, { storage }) => {
    if (storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'reference'").toArray().length === 0) return [];
    const rows = drizzle(storage).select().from(reference).all();
    return rows.map((row) => `${row.user_id} ${row.reference}`);
  });

export async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await env.MAIL.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...page.objects.map(({ key }) => key));
    if (!page.truncated) return keys;
    cursor = page.cursor;
  }
}
