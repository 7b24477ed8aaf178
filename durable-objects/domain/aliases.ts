/** Aliases: one local part that stands for one or several accounts or outside addresses. `*` is the catch-all. */
import { and, asc, eq, ne, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_SHOWN_ALIASES } from "../../contract/limits.ts";
import { FORWARDER } from "../../mail/address/bounce-address.ts";
import { account, alias_target } from "../../schema/domain/tables.ts";
import { isForwarder } from "./accounts.ts";
import { requireNotDisposable } from "./disposable-aliases.ts";
import type { DomainDb } from "./domain-database.ts";
import { CATCH_ALL } from "./resolve.ts";

export interface AliasTarget {
  /** The address as the admin wrote it, in its canonical spelling. */
  target: string;
  /** The account behind it, when it is one of this deployment. */
  user_id: string | null;
}

/** Makes the alias, or replaces its targets. Throws `conflict` where an account has the local part. */
export function putAlias(db: DomainDb, localPart: string, targets: AliasTarget[]): void {
  if (localPart === FORWARDER) throw isForwarder();
  db.transaction(() => {
    if (db.select().from(account).where(eq(account.local_part, localPart)).get()) {
      throw new Failure("conflict", `There is an account ${localPart} already.`);
    }
    requireNotDisposable(db, localPart);
    db.delete(alias_target).where(eq(alias_target.local_part, localPart)).run();
    for (const target of targets) {
      db.insert(alias_target)
        .values({ local_part: localPart, ...target })
        .onConflictDoNothing()
        .run();
    }
  });
}

export function deleteAlias(db: DomainDb, localPart: string): void {
  const gone = db.delete(alias_target).where(eq(alias_target.local_part, localPart)).returning().all();
  if (gone.length === 0) throw notFound("alias");
}

/** Every alias with its targets, by local part. */
export function listAliases(db: DomainDb): { local_part: string; targets: string[] }[] {
  const aliases = new Map<string, string[]>();
  for (const row of db.select().from(alias_target).orderBy(asc(alias_target.local_part)).all()) {
    aliases.set(row.local_part, [...(aliases.get(row.local_part) ?? []), row.target]);
  }
  return Array.from(aliases, ([local_part, targets]) => ({ local_part, targets }));
}

/** Local parts of the aliases that lead to this account and to nobody else. */
export function aliasesOf(db: DomainDb, userId: string): string[] {
  const isOnlyTarget = sql`NOT EXISTS (SELECT 1 FROM alias_target AS other
    WHERE other.local_part = ${alias_target.local_part} AND other.target <> ${alias_target.target})`;
  const rows = db
    .select({ local_part: alias_target.local_part })
    .from(alias_target)
    .where(and(eq(alias_target.user_id, userId), ne(alias_target.local_part, CATCH_ALL), isOnlyTarget))
    .orderBy(asc(alias_target.local_part))
    .limit(MAX_SHOWN_ALIASES);
  return rows.all().map(({ local_part }) => local_part);
}
