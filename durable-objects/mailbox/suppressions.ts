/** Addresses that mail is not sent to without asking, and bulk mail not at all once they unsubscribed. */
import { and, eq, sql } from "drizzle-orm";
import { canonicalLocalPart, formatAddress, parseAddress } from "../../mail/address/address.ts";
import { suppression } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, prepared } from "./mailbox-database.ts";
import { openRecipients, setState } from "./recipient-states.ts";

/**
 * The spelling that a suppression is kept and looked up by. Whether case counts in a local part is for the other host to
 * say (RFC 5321 §2.4), but nobody leaves a newsletter in one spelling to get it in another.
 */
export function suppressionKey(email: string): string {
  const parsed = parseAddress(email);
  if (!parsed.ok) return email.toLowerCase();
  return formatAddress({ ...parsed.value, local_part: canonicalLocalPart(parsed.value.local_part) });
}

export function suppress(db: MailboxDb, row: typeof suppression.$inferInsert): void {
  db.insert(suppression)
    .values({ ...row, email: suppressionKey(row.email) })
    .onConflictDoNothing()
    .run();
}

const selectUnsubscribed = prepared((db) =>
  db
    .select({ email: suppression.email })
    .from(suppression)
    .where(and(eq(suppression.email, sql.placeholder("email")), eq(suppression.reason, "unsubscribed")))
    .prepare(),
);

/** Those of these addresses that want no bulk mail of this account. */
export const unsubscribedAmong = (db: MailboxDb, emails: string[]): string[] =>
  emails.filter((email) => selectUnsubscribed(db).get({ email: suppressionKey(email) }) !== undefined);

/** Who unsubscribed since a bulk message was taken gets nothing of it. Part of the caller's transaction. */
export function cancelUnsubscribed(db: MailboxDb, submissionId: number, now: number): void {
  const words = { status: null, reply: "The recipient unsubscribed", remote_mta: null };
  for (const email of unsubscribedAmong(db, openRecipients(db, submissionId))) {
    setState(db, submissionId, email, { state: "cancelled", ...words, updated_at: now });
  }
}
