/**
 * Addresses that accounts made up to give away. Local parts of all kinds are in this one object, so that none is ever
 * given twice: an account, an alias of the admin's and one of these each look at the other two, in one transaction.
 */
import { and, asc, count, eq } from "drizzle-orm";
import type { UpdateDisposableAlias } from "../../contract/disposable-aliases.ts";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_DISPOSABLE_ALIASES } from "../../contract/limits.ts";
import { account, alias_target, disposable_alias } from "../../schema/domain/tables.ts";
import type { DomainDb } from "./domain-database.ts";

export type DisposableAliasRow = typeof disposable_alias.$inferSelect;

const ofAccount = (userId: string) => eq(disposable_alias.user_id, userId);
const isOne = (userId: string, localPart: string) => and(ofAccount(userId), eq(disposable_alias.local_part, localPart));

/** Throws `conflict` where the local part is taken, or the account has too many. */
export function createDisposable(db: DomainDb, row: DisposableAliasRow): DisposableAliasRow {
  return db.transaction(() => {
    const { n } = db.select({ n: count() }).from(disposable_alias).where(ofAccount(row.user_id)).get() ?? { n: 0 };
    if (n >= MAX_DISPOSABLE_ALIASES) {
      throw new Failure("conflict", `An account has at most ${MAX_DISPOSABLE_ALIASES} aliases: delete one.`);
    }
    requireFree(db, row.local_part);
    db.insert(disposable_alias).values(row).run();
    return row;
  });
}

function requireFree(db: DomainDb, localPart: string): void {
  requireNotDisposable(db, localPart);
  const isAccount = db.select().from(account).where(eq(account.local_part, localPart)).get();
  const isAlias = db.select().from(alias_target).where(eq(alias_target.local_part, localPart)).limit(1).get();
  if (isAccount || isAlias) throw new Failure("conflict", `${localPart} is taken already.`);
}

/** For whoever makes a local part of another kind. */
export function requireNotDisposable(db: DomainDb, localPart: string): void {
  if (findDisposable(db, localPart)) throw new Failure("conflict", `${localPart} is an account's own alias already.`);
}

export const findDisposable = (db: DomainDb, localPart: string): DisposableAliasRow | undefined =>
  db.select().from(disposable_alias).where(eq(disposable_alias.local_part, localPart)).get();

/** Oldest first. */
export const listDisposables = (db: DomainDb, userId: string): DisposableAliasRow[] =>
  db
    .select()
    .from(disposable_alias)
    .where(ofAccount(userId))
    .orderBy(asc(disposable_alias.created_at), asc(disposable_alias.local_part))
    .all();

export function updateDisposable(
  db: DomainDb,
  userId: string,
  localPart: string,
  { note, is_active }: UpdateDisposableAlias,
): DisposableAliasRow {
  const changed = { ...(note !== undefined && { note }), ...(is_active !== undefined && { is_active }) };
  const [row] = db.update(disposable_alias).set(changed).where(isOne(userId, localPart)).returning().all();
  if (row === undefined) throw notFound("alias");
  return row;
}

export function deleteDisposable(db: DomainDb, userId: string, localPart: string): void {
  const gone = db.delete(disposable_alias).where(isOne(userId, localPart)).returning().all();
  if (gone.length === 0) throw notFound("alias");
}
