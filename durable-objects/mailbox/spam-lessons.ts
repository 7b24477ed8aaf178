/**
 * What the owner teaches: a message that is moved to junk is spam, one that is moved out of it or answered is none. The
 * lesson is queued in the transaction of the move, and learnt by the alarm, which reads the message's bytes; so no move
 * waits for it. `message.learnt_as` says what was learnt of a message: a lesson that comes twice is learnt once, and one
 * that contradicts it takes the first one back.
 */
import { and, count, eq } from "drizzle-orm";
import { parseMessage } from "../../mail/parse/parse-message.ts";
import { type SpamSigns, spamSigns } from "../../mail/spam/features.ts";
import { message, spam_training } from "../../schema/mailbox/tables.ts";
import type { ObjectEnv } from "../env.ts";
import { teach } from "./classifier.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import type { HeldMessage } from "./read-messages.ts";
import { type Kind, noteReputation } from "./sender-reputation.ts";
import { readAllBytes } from "./stored-bytes.ts";

/** Learnt in one go: their features are a megabyte at most, and the pages are written once for all of them. */
const LESSONS_AT_ONCE = 20;

type Lesson = typeof spam_training.$inferSelect;

/** The owner moved a message to these folders. Part of the transaction that moves it. */
export function noteMove(db: MailboxDb, row: HeldMessage, folderIds: number[]): void {
  const isJunk = folderIds.includes(ROLE_ID.junk);
  if (isJunk === row.folder_ids.includes(ROLE_ID.junk)) return;
  // Who throws junk away does not say that it was none.
  if (isJunk || !folderIds.includes(ROLE_ID.trash)) addLesson(db, row, isJunk);
}

/** The owner answered it. Part of the transaction of the submission. */
export function noteAnswered(db: MailboxDb, id: number): void {
  const row = db.select(answeredColumns).from(message).where(eq(message.id, id)).get();
  if (row && row.learnt_as === null && !row.folder_ids.includes(ROLE_ID.junk)) addLesson(db, row, false);
}

const answeredColumns = {
  id: message.id,
  folder_ids: message.folder_ids,
  fingerprint: message.fingerprint,
  learnt_as: message.learnt_as,
};

/** What has no fingerprint the owner wrote himself. */
function addLesson(db: MailboxDb, { id, fingerprint }: Pick<HeldMessage, "id" | "fingerprint">, is_spam: boolean) {
  if (fingerprint === "") return;
  const lesson = { message_id: id, is_spam };
  db.insert(spam_training)
    .values(lesson)
    .onConflictDoUpdate({ target: spam_training.message_id, set: { is_spam } })
    .run();
}

export const hasLessons = (db: MailboxDb): boolean => (countLessons(db).get()?.lessons ?? 0) > 0;

/** One step of the alarm. An R2 that does not answer throws, and the lessons stay. */
export async function learnDue({ db }: Mailbox, env: ObjectEnv, now: number): Promise<void> {
  const due = db.select().from(spam_training).orderBy(spam_training.message_id).limit(LESSONS_AT_ONCE).all();
  const read: { lesson: Lesson; signs: SpamSigns | null }[] = [];
  // One after the other: some may be large, and others are answered between them.
  for (const lesson of due) read.push({ lesson, signs: await signsOf(db, env, lesson) });
  if (read.length > 0) learn(db, read, now);
}

/** Null where there is nothing to learn: it was learnt before, or is gone. */
async function signsOf(db: MailboxDb, env: ObjectEnv, lesson: Lesson): Promise<SpamSigns | null> {
  const row = db
    .select({ raw_key: message.raw_key, learnt_as: message.learnt_as })
    .from(message)
    .where(eq(message.id, lesson.message_id))
    .get();
  if (row === undefined || row.learnt_as === kindOf(lesson)) return null;
  const bytes = await readAllBytes(env, row.raw_key);
  return bytes && spamSigns(bytes, await parseMessage(bytes));
}

/** In one transaction: a crash before its end leaves the lessons where they were, and nothing learnt. */
function learn(db: MailboxDb, read: { lesson: Lesson; signs: SpamSigns | null }[], now: number): void {
  db.transaction(() => {
    const learnt = read.flatMap(({ lesson, signs }) => {
      const { message_id, is_spam } = lesson;
      const isThis = and(eq(spam_training.message_id, message_id), eq(spam_training.is_spam, is_spam));
      // The owner may have thought otherwise while the bytes were read: then the new lesson is due, and this one is not.
      const isStill = db.delete(spam_training).where(isThis).returning().all().length > 0;
      const row = db.select(learntColumns).from(message).where(eq(message.id, message_id)).get();
      return isStill && row && signs && row.learnt_as !== kindOf(lesson) ? [{ lesson, signs, row }] : [];
    });
    if (learnt.length === 0) return;
    teach(db, (classifier) => {
      for (const { lesson, signs, row } of learnt) {
        const kind = kindOf(lesson);
        if (row.learnt_as !== null) classifier.unlearn(signs.features, row.learnt_as === "spam");
        classifier.learn(signs.features, lesson.is_spam);
        noteReputation(db, row, kind, now);
        db.update(message).set({ learnt_as: kind }).where(eq(message.id, lesson.message_id)).run();
      }
    });
  });
}

const learntColumns = {
  from: message.from,
  authentication: message.authentication,
  learnt_as: message.learnt_as,
};

const kindOf = ({ is_spam }: Lesson): Kind => (is_spam ? "spam" : "ham");

const countLessons = prepared((db) => db.select({ lessons: count() }).from(spam_training).prepare());
