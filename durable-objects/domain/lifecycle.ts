/** A domain's own row. */
import { count, eq } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import { randomId } from "../../contract/random-id.ts";
import { account, alias_target, domain } from "../../schema/domain/tables.ts";
import type { DomainDb } from "./domain-database.ts";

export function createDomain(db: DomainDb, name: string, now: number): void {
  db.insert(domain)
    .values({ name, forwarder_user_id: `u${randomId(16)}`, created_at: now })
    .run();
}

export const isMade = (db: DomainDb): boolean => db.select().from(domain).limit(1).get() !== undefined;

export function relayUrl(db: DomainDb): string | null {
  return db.select({ relay_url: domain.relay_url }).from(domain).get()?.relay_url ?? null;
}

export function setRelayUrl(db: DomainDb, relay_url: string | null): void {
  db.update(domain).set({ relay_url }).run();
}

export function describeDomain(db: DomainDb) {
  const row = db.select().from(domain).get();
  if (row === undefined) throw notFound("domain");
  const accounts = db.select({ n: count() }).from(account).where(eq(account.is_active, true)).get()?.n ?? 0;
  const aliases = db.selectDistinct({ local_part: alias_target.local_part }).from(alias_target).all().length;
  return { ...row, accounts, aliases };
}
