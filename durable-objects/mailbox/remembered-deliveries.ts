/**
 * Deliveries whose message is gone, by their fingerprint: what comes again is recognised for a while, since its owner saw
 * it. What is forged is remembered apart, and only what is forged repeats it.
 */
import { inArray, max, sql } from "drizzle-orm";
import type { Authentication } from "../../contract/authentication.ts";
import { fingerprint } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";

export const isMarkedForged = (authentication: Authentication | null | undefined): boolean =>
  authentication?.sender === "forged";

type Gone = Pick<MessageRow, "id" | "fingerprint" | "authentication">;

export function rememberDelivery(db: MailboxDb, { id, fingerprint: hash, authentication }: Gone): void {
  if (hash === "") return;
  const known = { hash: isMarkedForged(authentication) ? forged(hash) : hash, message_id: id };
  db.insert(fingerprint).values(known).onConflictDoUpdate({ target: fingerprint.hash, set: known }).run();
}

/** The message that such a letter repeats, though it is gone. A forged one repeats both kinds: it brings nothing new. */
export const rememberedDelivery = (db: MailboxDb, hash: string, isForged: boolean): number | null =>
  selectRemembered(db).get({ hash, other: isForged ? forged(hash) : hash })?.id ?? null;

const selectRemembered = prepared((db) =>
  db
    .select({ id: max(fingerprint.message_id) })
    .from(fingerprint)
    .where(inArray(fingerprint.hash, [sql.placeholder("hash"), sql.placeholder("other")]))
    .prepare(),
);

/** What was forwarded, and forged, has its place in the same table, with its target behind the hash. */
const forged = (hash: string): string => `forged ${hash}`;
