/**
 * Accounts of a domain. Making one spans two objects, so it is done in steps that can be repeated: the local part is
 * reserved here, the Mailbox is made, then the account is activated here. A crash between the steps leaves a reserved
 * row that takes no mail, and the next try goes on from it with the same user id.
 */
import { and, asc, eq } from "drizzle-orm";
import { Failure } from "../../contract/failure.ts";
import { UserId } from "../../contract/ids.ts";
import { FORWARDER } from "../../mail/address/bounce-address.ts";
import { account, alias_target } from "../../schema/domain/tables.ts";
import { requireNotDisposable } from "./disposable-aliases.ts";
import type { DomainDb } from "./domain-database.ts";
import { CATCH_ALL } from "./resolve.ts";

/** Mail that an alias passes on would come back to whoever had it. */
export const isForwarder = () =>
  new Failure("bad_request", `${FORWARDER} is what forwards leave with, and nobody's.`, [
    { at: "body.email", message: "is reserved" },
  ]);

export function reserveAccount(db: DomainDb, localPart: string, candidate: UserId, now: number): UserId {
  if (localPart === CATCH_ALL) {
    const issue = { at: "body.email", message: "is the catch-all" };
    throw new Failure("bad_request", "The catch-all is an alias, never an account.", [issue]);
  }
  if (localPart === FORWARDER) throw isForwarder();
  const existing = db.select().from(account).where(eq(account.local_part, localPart)).get();
  if (existing?.is_active) throw new Failure("conflict", `There is an account ${localPart} already.`);
  if (existing) return UserId.parse(existing.user_id);
  if (db.select().from(alias_target).where(eq(alias_target.local_part, localPart)).limit(1).get()) {
    throw new Failure("conflict", `${localPart} is an alias already.`);
  }
  requireNotDisposable(db, localPart);
  db.insert(account).values({ local_part: localPart, user_id: candidate, is_active: false, created_at: now }).run();
  return candidate;
}

export function activateAccount(db: DomainDb, localPart: string): void {
  db.update(account).set({ is_active: true }).where(eq(account.local_part, localPart)).run();
}

export function findAccount(db: DomainDb, localPart: string): UserId | null {
  const row = db
    .select()
    .from(account)
    .where(and(eq(account.local_part, localPart), eq(account.is_active, true)))
    .get();
  return row === undefined ? null : UserId.parse(row.user_id);
}

export function listAccounts(db: DomainDb) {
  return db.select().from(account).where(eq(account.is_active, true)).orderBy(asc(account.local_part)).all();
}
