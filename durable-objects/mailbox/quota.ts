/** How much room a mailbox has, and what takes it. */
import { desc, eq, ne, sum } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { DEFAULT_QUOTA_BYTES } from "../../contract/limits.ts";
import type { Quota } from "../../contract/quota.ts";
import { account, folder, usage } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { folderRows, folderView } from "./folders.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";

/** Types of attachments that an answer names: senders write them, so there may be thousands. */
const SHOWN_TYPES = 50;

/** Whether so many more bytes have room. A few rows are read, however many messages there are. */
export const hasRoom = (db: MailboxDb, bytes: number): boolean => usedBytes(db) + bytes <= limitOf(db);

/** Throws `over_quota` where the owner wants to put something into a full mailbox. */
export function requireRoom(db: MailboxDb, bytes: number): void {
  if (!hasRoom(db, bytes)) {
    throw new Failure("over_quota", "The mailbox is full: delete messages for good, or ask for more room.");
  }
}

function limitOf(db: MailboxDb): number {
  return selectLimit(db).get()?.quota_bytes || DEFAULT_QUOTA_BYTES;
}

/** Every folder but the flagged view: the row of `all` takes off what is counted twice. */
function usedBytes(db: MailboxDb): number {
  return Number(selectUsed(db).get()?.size ?? 0);
}

const selectLimit = prepared((db) => db.select({ quota_bytes: account.quota_bytes }).from(account).prepare());
const selectUsed = prepared((db) =>
  db
    .select({ size: sum(folder.size) })
    .from(folder)
    .where(ne(folder.id, ROLE_ID.flagged))
    .prepare(),
);

export function setQuota(db: MailboxDb, bytes: number): void {
  db.update(account).set({ quota_bytes: bytes }).run();
}

export function readQuota(box: Mailbox): Quota {
  const { db } = box;
  const rowsOf = (kind: "year" | "attachment_type") => db.select().from(usage).where(eq(usage.kind, kind));
  const isUsed = ({ total }: { total: number }) => total > 0;
  const years = rowsOf("year").orderBy(desc(usage.key)).all().filter(isUsed);
  const types = rowsOf("attachment_type").orderBy(desc(usage.size)).limit(SHOWN_TYPES).all().filter(isUsed);
  return {
    user_id: box.user_id,
    limit: limitOf(db),
    used: usedBytes(db),
    folders: folderRows(db).map((row) => folderView(box, row)),
    years: years.map(({ key, total, size }) => ({ year: Number(key), total, size })),
    attachment_types: types.map(({ key, total, size }) => ({ content_type: key, total, size })),
  };
}
