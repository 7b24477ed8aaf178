/**
 * Messages that the full-text index does not have: a migration made it anew, and left `account.unindexed_below`. The
 * alarm writes them back, newest first, a few at a time, so that nobody waits for it. A search meanwhile finds what is
 * there already.
 */
import { inflateRawSync } from "node:zlib";
import { desc, eq, lt } from "drizzle-orm";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import { indexColumns } from "../../mail/text/index-columns.ts";
import { account, body, message } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import type { Content } from "./letter.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { addToIndex, removeFromIndex } from "./message-index.ts";
import { readAllBytes, readHeaderBytes } from "./stored-bytes.ts";

/** Written in one go, with so many characters at most and one message at least: up to 20 ms. */
const SLICE = 25;
const SLICE_CHARACTERS = 100_000;
/** The outbox waits while an alarm runs. */
const SLICES_PER_ALARM = 10;

export const isIndexing = (db: MailboxDb): boolean => unindexedBelow(db) > 0;

export async function indexOlder(box: Mailbox, env: ObjectEnv): Promise<void> {
  for (let slice = 0; slice < SLICES_PER_ALARM && isIndexing(box.db); slice++) await indexSlice(box, env);
}

async function indexSlice({ db }: Mailbox, env: ObjectEnv): Promise<void> {
  const rows = db
    .select(indexedColumns)
    .from(message)
    .where(lt(message.id, unindexedBelow(db)))
    .orderBy(desc(message.id))
    .limit(SLICE)
    .all();
  const read: ReadMessage[] = [];
  let characters = 0;
  // One after the other: some may be large, and others are answered between them.
  for (const row of rows) {
    const index = await readIndex(db, env, row);
    read.push({ row, index });
    characters += index.body.length;
    if (characters > SLICE_CHARACTERS) break;
  }
  write(db, read);
}

interface ReadMessage {
  row: Row;
  index: Content["index"];
}

function write(db: MailboxDb, read: ReadMessage[]): void {
  db.transaction(() => {
    for (const { row, index } of read) {
      const now = db.select({ raw_key: message.raw_key }).from(message).where(eq(message.id, row.id)).get();
      // One that was deleted meanwhile stays away, and a draft that was replaced is in the index already.
      if (now?.raw_key !== row.raw_key) continue;
      removeFromIndex(db, row.id);
      addToIndex(db, row.id, index);
    }
    const unindexed_below = read.at(-1)?.row.id ?? 0;
    db.update(account).set({ unindexed_below }).run();
  });
}

const indexedColumns = {
  id: message.id,
  raw_key: message.raw_key,
  subject: message.subject,
  from: message.from,
  to: message.to,
  cc: message.cc,
  bcc: message.bcc,
  attachments: message.attachments,
  preview: message.preview,
};
type Row = Pick<typeof message.$inferSelect, keyof typeof indexedColumns>;

async function readIndex(db: MailboxDb, env: ObjectEnv, row: Row): Promise<Content["index"]> {
  const stored = storedText(db, row.id);
  // The row does not have the List-Id.
  const bytes = await (stored === null ? readAllBytes : readHeaderBytes)(env, row.raw_key);
  const parsed = bytes && (await parseMessage(bytes));
  // Where the bytes are gone, what is known of the message can still be found.
  return indexColumns({ ...row, text: stored ?? parsed?.text ?? row.preview, list_id: parsed?.list_id ?? null });
}

/** The text in the object; null where it is in R2 alone. */
function storedText(db: MailboxDb, id: number): string | null {
  const stored = db.select({ text: body.text }).from(body).where(eq(body.message_id, id)).get();
  if (stored === undefined) return null;
  try {
    return stored.text === null ? "" : inflateRawSync(stored.text).toString("utf8");
  } catch (error) {
    // The truth is in R2; a copy of it that cannot be read must not keep all older messages from being found.
    console.error("stored text is not readable", { id }, error);
    return null;
  }
}

const selectUnindexed = prepared((db) => db.select({ below: account.unindexed_below }).from(account).prepare());
const unindexedBelow = (db: MailboxDb): number => selectUnindexed(db).get()?.below ?? 0;
