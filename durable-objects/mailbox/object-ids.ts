/**
 * Ids inside a Mailbox are safe integers; outside they are eleven base32 characters.
 *
 * Between the two stands the mailbox's own random mask: the same message delivered to two accounts in the same
 * millisecond has the same integer in both, and without the mask one account's id would open the other's copy of
 * something else. With it, an id of another mailbox decodes to a number that is not here.
 */
import { and, eq, gte, lt, max, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { FolderId, IdentityId, ImportId, MessageId, SubmissionId, ThreadId } from "../../contract/ids.ts";
import { BASE32 } from "../../contract/random-id.ts";
import { import_job, message, submission } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";

const HIGH = 2 ** 32;
const ID_LENGTH = 11;

/** A random mask of 53 bits. */
export function newIdMask(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1f_ffff) * HIGH + low;
}

/** XOR on 53 bits, which JavaScript's operators do 32 at a time. */
function masked(id: number, mask: number): number {
  const high = Math.floor(id / HIGH) ^ Math.floor(mask / HIGH);
  return high * HIGH + ((id ^ mask) >>> 0);
}

function encode(box: Mailbox, id: number): string {
  let rest = masked(id, box.id_mask);
  let text = "";
  for (let i = 0; i < ID_LENGTH; i++) {
    text = BASE32[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function decode(box: Mailbox, text: string): number | null {
  if (text.length !== ID_LENGTH) return null;
  let id = 0;
  for (const character of text) {
    const digit = BASE32.indexOf(character);
    if (digit < 0) return null;
    id = id * 32 + digit;
  }
  return Number.isSafeInteger(id) ? masked(id, box.id_mask) : null;
}

export const messageIdOf = (box: Mailbox, id: number) => MessageId.parse(encode(box, id));
export const threadIdOf = (box: Mailbox, id: number) => ThreadId.parse(encode(box, id));
export const folderIdOf = (box: Mailbox, id: number) => FolderId.parse(encode(box, id));
export const importIdOf = (box: Mailbox, id: number) => ImportId.parse(encode(box, id));
export const identityIdOf = (box: Mailbox, id: number) => IdentityId.parse(encode(box, id));
export const submissionIdOf = (box: Mailbox, id: number) => SubmissionId.parse(encode(box, id));

/** The integer behind an id from outside. Throws `not_found`: an id that cannot be ours is nothing that we have. */
export function requireNumber(box: Mailbox, what: string, id: string): number {
  const number = decode(box, id);
  if (number === null) throw notFound(what);
  return number;
}

/** The same for what somebody named outside or long ago: null for what cannot be ours. */
export const numberOf = (box: Mailbox, id: string): number | null => decode(box, id);

/** A cursor is the masked id of the last row of the page before. It need not exist any more, but it must be plausible. */
export const cursorOf = (box: Mailbox, id: number): string => encode(box, id);

export function requireCursor(box: Mailbox, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const id = decode(box, cursor);
  if (id === null || receivedAt(id) > Date.now() + 86_400_000) {
    throw new Failure("bad_cursor", "The cursor is not one that this list gave.", [
      { at: "query.cursor", message: "unknown" },
    ]);
  }
  return id;
}

const COUNTER = 1024;

/** The received time, in milliseconds, that an id is made of. */
export const receivedAt = (id: number): number => Math.floor(id / COUNTER);

/** The first id of a millisecond: the bound of a range of dates. */
export const firstIdAt = (milliseconds: number): number => milliseconds * COUNTER;

/** The next free message id in the place in time where a message was received. */
export function nextMessageId(db: MailboxDb, received: number): number {
  for (let at = received; ; at++) {
    const last = lastIdBetween(db).get({ from: at * COUNTER, to: (at + 1) * COUNTER })?.id;
    if (last == null) return at * COUNTER;
    if (last + 1 < (at + 1) * COUNTER) return last + 1;
  }
}

const lastIdBetween = prepared((db) =>
  db
    .select({ id: max(message.id) })
    .from(message)
    .where(and(gte(message.id, sql.placeholder("from")), lt(message.id, sql.placeholder("to"))))
    .prepare(),
);

export function nextSubmissionId(db: MailboxDb, now: number): number {
  const last =
    db
      .select({ id: max(submission.id) })
      .from(submission)
      .get()?.id ?? 0;
  return Math.max(last + 1, now * COUNTER);
}

/** Imports are few, and kept under their number as text. */
export function nextImportId(db: MailboxDb, now: number): number {
  const ids = db.select({ id: import_job.id }).from(import_job).all();
  return Math.max(now * COUNTER, ...ids.map(({ id }) => Number(id) + 1));
}

/** Own folders get ids by time as well, so that the id of a deleted folder is not given again. */
export function nextFolderId(db: MailboxDb, now: number): number {
  const isTaken = (id: number) =>
    db.query.folder.findFirst({ where: (folder) => eq(folder.id, id) }).sync() !== undefined;
  let id = now * COUNTER;
  while (isTaken(id)) id++;
  return id;
}
