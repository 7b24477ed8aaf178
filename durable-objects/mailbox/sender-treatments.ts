/**
 * Senders that the owner blocked, those whose mail is never junk, and those whose images are shown. Of the first two the
 * narrowest pattern that a sender falls under decides, so that one person of a blocked domain can be let in; see
 * mail/address/sender-pattern.ts.
 */
import { and, count, eq, gt, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_SENDER_TREATMENTS } from "../../contract/limits.ts";
import type {
  ListSenderTreatments,
  SenderTreatment,
  SenderTreatmentPage,
  Treatment,
} from "../../contract/sender-treatments.ts";
import type { SpamTest } from "../../contract/spam.ts";
import { patternsOf, senderPattern } from "../../mail/address/sender-pattern.ts";
import { sender_treatment } from "../../schema/mailbox/tables.ts";
import type { Letter } from "./letter.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

type Row = typeof sender_treatment.$inferSelect;

/** More than all other tests of the spam score together can say, either way. */
const DECISIVE = 1000;
const BLOCKED: SpamTest = { name: "blocked_sender", weight: DECISIVE, words: "You have blocked this sender." };
const NEVER_JUNK: SpamTest = {
  name: "never_junk_sender",
  weight: -DECISIVE,
  words: "You want mail from this sender never to be taken for junk.",
};

/** What the owner said of mail from an address; null where nothing. */
function treatmentOf(db: MailboxDb, address: string): Treatment | null {
  const patterns = patternsOf(address);
  if (patterns.length === 0) return null;
  const rows = selectTreatments(db).all({ patterns: JSON.stringify(patterns) });
  const narrowest = patterns.find((pattern) => rows.some((row) => row.pattern === pattern));
  return rows.find(({ pattern }) => pattern === narrowest)?.treatment ?? null;
}

/** Whether the owner takes no mail of this envelope sender. A report, whose sender is empty, is nobody's. */
export const isBlocked = (db: MailboxDb, mailFrom: string): boolean => treatmentOf(db, mailFrom) === "blocked";

/** What the owner's word on the sender of a letter adds to its spam score; null where there is none. */
export function senderTest({ db }: Mailbox, { content, return_path, examination }: Letter): SpamTest | null {
  const { authentication } = examination ?? {};
  const author = content.from && treatmentOf(db, content.from.email);
  const envelope = treatmentOf(db, return_path);
  if (author === "blocked" || envelope === "blocked") return BLOCKED;
  if (authentication?.sender === "forged") return null;
  // A list writes its own name into the envelope alone. Anybody can, so SPF has to stand behind it.
  const isOfList = envelope === "never_junk" && authentication?.spf.result === "pass";
  return author === "never_junk" || isOfList ? NEVER_JUNK : null;
}

/** Whether images in mail of this address are shown without asking. */
export const hasImagesShown = (db: MailboxDb, address: string): boolean =>
  selectImageSender(db).get({ patterns: JSON.stringify(patternsOf(address)) }) !== undefined;

/** A sender cannot be both blocked and never junk: the last word holds. */
export function treatSender(box: Mailbox, treatment: Treatment, sender: string, now: number): SenderTreatment {
  const pattern = requirePattern(sender);
  return box.db.transaction(() => {
    const isThis = eq(sender_treatment.pattern, pattern);
    const known = box.db
      .select()
      .from(sender_treatment)
      .where(and(eq(sender_treatment.treatment, treatment), isThis))
      .get();
    if (known !== undefined) return viewOf(box, known);
    if (countOf(box.db, treatment) >= MAX_SENDER_TREATMENTS) {
      throw new Failure("conflict", `There are at most ${MAX_SENDER_TREATMENTS} of these senders: use domains.`);
    }
    const row = { treatment, pattern, created_at: now };
    const opposite = OPPOSITE[treatment];
    if (opposite !== null) {
      const isOpposite = eq(sender_treatment.treatment, opposite);
      box.db.delete(sender_treatment).where(and(isOpposite, isThis)).run();
    }
    box.db.insert(sender_treatment).values(row).run();
    return viewOf(box, row);
  });
}

export function untreatSender(box: Mailbox, treatment: Treatment, sender: string): void {
  const isOne = and(eq(sender_treatment.treatment, treatment), eq(sender_treatment.pattern, requirePattern(sender)));
  if (box.db.delete(sender_treatment).where(isOne).returning().all().length === 0) throw notFound("sender");
}

/** By pattern: domains first. */
export function listTreatments(box: Mailbox, treatment: Treatment, page: ListSenderTreatments): SenderTreatmentPage {
  const { limit, cursor } = page;
  const after = cursor === undefined ? "" : requirePlace(cursor);
  const rows = box.db
    .select()
    .from(sender_treatment)
    .where(and(eq(sender_treatment.treatment, treatment), gt(sender_treatment.pattern, after)))
    .orderBy(sender_treatment.pattern)
    .limit(limit + 1)
    .all();
  const senders = rows.slice(0, limit).map((row) => viewOf(box, row));
  const last = rows.length > limit ? senders.at(-1) : undefined;
  return { senders, next_cursor: last ? Buffer.from(last.sender).toString("base64url") : null };
}

const OPPOSITE: Record<Treatment, Treatment | null> = {
  blocked: "never_junk",
  never_junk: "blocked",
  show_images: null,
};

const countOf = (db: MailboxDb, treatment: Treatment): number =>
  db.select({ n: count() }).from(sender_treatment).where(eq(sender_treatment.treatment, treatment)).get()?.n ?? 0;

/** By both columns of the primary key, so that a mailbox with a thousand of them reads no more than one with none. */
const selectTreatments = prepared((db) =>
  db
    .select()
    .from(sender_treatment)
    .where(
      sql`${sender_treatment.treatment} IN ('blocked', 'never_junk')
        AND ${sender_treatment.pattern} IN (SELECT value FROM json_each(${sql.placeholder("patterns")}))`,
    )
    .prepare(),
);

const selectImageSender = prepared((db) =>
  db
    .select()
    .from(sender_treatment)
    .where(
      sql`${sender_treatment.treatment} = 'show_images'
        AND ${sender_treatment.pattern} IN (SELECT value FROM json_each(${sql.placeholder("patterns")}))`,
    )
    .limit(1)
    .prepare(),
);

function requirePattern(sender: string): string {
  const pattern = senderPattern(sender);
  if (pattern !== null) return pattern;
  const message = "not an address, nor @ and a domain below a top-level one";
  throw new Failure("bad_request", `${JSON.stringify(sender)} names no sender.`, [{ at: "body.sender", message }]);
}

function requirePlace(cursor: string): string {
  const pattern = senderPattern(Buffer.from(cursor, "base64url").toString());
  if (pattern !== null) return pattern;
  throw new Failure("bad_cursor", "The cursor is not one that this list gave.", [
    { at: "query.cursor", message: "unknown" },
  ]);
}

const viewOf = (box: Mailbox, { treatment, pattern, created_at }: Row): SenderTreatment => ({
  ...{ user_id: box.user_id, sender: pattern, treatment, created_at: isoTime(created_at) },
});
