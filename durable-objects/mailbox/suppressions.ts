/** Addresses that mail is not sent to without asking: kept by what comes back, looked at before sending, taken off by the owner. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { ListSuppressions, Suppression, SuppressionPage } from "../../contract/suppressions.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { isAboutTheAddress, statusOf } from "../../mail/report/status-code.ts";
import { suppression } from "../../schema/mailbox/tables.ts";
import { recordResource } from "./change-log.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";
import { submissionIdOf } from "./object-ids.ts";
import { openRecipients, setState } from "./recipient-states.ts";

type Row = typeof suppression.$inferSelect;

/** Puts an address on the list, or says anew why it is there. */
export function suppress(db: MailboxDb, { email, ...why }: Row): void {
  const row = { email: addressKey(email) ?? email, ...why };
  const { detail, submission_id, created_at } = row;
  db.insert(suppression)
    .values(row)
    .onConflictDoUpdate({
      target: [suppression.email, suppression.reason],
      set: { detail, submission_id, created_at },
    })
    .run();
  recordResource(db, "suppressions");
}

/** It is in the mailbox: whatever failed there before is over. Who complained or left a list has not changed their mind. */
export function liftBounce(db: MailboxDb, email: string): void {
  const isOne = and(eq(suppression.email, addressKey(email) ?? email), eq(suppression.reason, "bounce"));
  const lifted = db.delete(suppression).where(isOne).returning().all();
  if (lifted.length > 0) recordResource(db, "suppressions");
}

interface SessionOutcome {
  address: string;
  result: string;
  status: string;
  reply: string;
}

/** What a server said while the message was handed to it. `sent` says nothing: a relay takes mail for any address. */
export function suppressByOutcome(
  db: MailboxDb,
  submission_id: number,
  { address, result, status, reply }: SessionOutcome,
  now: number,
): void {
  if (result === "delivered") liftBounce(db, address);
  if (result !== "failed" || !isAboutTheAddress(statusOf(status, reply) ?? status)) return;
  suppress(db, { email: address, reason: "bounce", detail: reply, submission_id, created_at: now });
}

/** Those of these addresses that are on the list. */
export const findSuppressed = (box: Mailbox, addresses: string[]): Suppression[] =>
  rowsFor(box.db, addresses).map((row) => viewOf(box, row));

function rowsFor(db: MailboxDb, addresses: string[]): Row[] {
  const keys = JSON.stringify(addresses.flatMap((address) => addressKey(address) ?? []));
  const isOne = inArray(suppression.email, sql`(SELECT value FROM json_each(${keys}))`);
  return db.select().from(suppression).where(isOne).all();
}

/** Who unsubscribed since a bulk message was taken gets nothing of it. Part of the caller's transaction. */
export function cancelUnsubscribed(db: MailboxDb, submissionId: number, now: number): void {
  const words = { status: null, reply: "The recipient unsubscribed", remote_mta: null };
  const open = openRecipients(db, submissionId).map(({ email }) => email);
  const unsubscribed = new Set(
    rowsFor(db, open).flatMap(({ email, reason }) => (reason === "unsubscribed" ? [email] : [])),
  );
  for (const email of open) {
    if (!unsubscribed.has(addressKey(email) ?? email)) continue;
    setState(db, submissionId, email, { state: "cancelled", ...words, updated_at: now });
  }
}

/** By address. */
export function listSuppressions(box: Mailbox, { limit, cursor }: ListSuppressions): SuppressionPage {
  const [email, reason] = cursor === undefined ? ["", ""] : requirePlace(cursor);
  const rows = box.db
    .select()
    .from(suppression)
    .where(sql`(${suppression.email}, ${suppression.reason}) > (${email}, ${reason})`)
    .orderBy(suppression.email, suppression.reason)
    .limit(limit + 1)
    .all();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next_cursor = last && rows.length > limit ? cursorOf(last) : null;
  return { suppressions: page.map((row) => viewOf(box, row)), next_cursor };
}

/** Takes an address off, whatever it was there for. */
export function deleteSuppression(box: Mailbox, email: string): void {
  const gone = box.db
    .delete(suppression)
    .where(eq(suppression.email, addressKey(email) ?? email))
    .returning()
    .all();
  if (gone.length === 0) throw notFound("suppressed address");
}

const cursorOf = ({ email, reason }: Row): string => Buffer.from(`${email}\n${reason}`).toString("base64url");

function requirePlace(cursor: string): [email: string, reason: string] {
  const [email, reason, ...rest] = Buffer.from(cursor, "base64url").toString().split("\n");
  if (!email || !reason || rest.length > 0) {
    throw new Failure("bad_cursor", "The cursor is not one that this list gave.", [
      { at: "query.cursor", message: "unknown" },
    ]);
  }
  return [email, reason];
}

const viewOf = (box: Mailbox, { email, reason, detail, submission_id, created_at }: Row): Suppression => ({
  ...{ user_id: box.user_id, email, reason, detail, created_at: isoTime(created_at) },
  submission_id: submission_id === null ? null : submissionIdOf(box, submission_id),
});
