/**
 * Recipients that all accounts of a new domain may write to in a day. They are counted before the Mailbox takes the
 * message and given back when it does not. A crash in between leaves them counted: the domain has less that day, never
 * more.
 */
import { eq, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { domain, sending_day } from "../../schema/domain/tables.ts";
import { dayOf, domainAllowance, secondsToNextDay } from "../warm-up.ts";
import type { DomainDb } from "./domain-database.ts";

/** Counts so many recipients. Throws `sending_limit`. Returns the day they were counted on; null: they were not. */
export function countRecipients(db: DomainDb, wanted: number, full: number | null, now: number): string | null {
  return db.transaction(() => {
    const row = db.select().from(domain).get();
    if (row === undefined) throw notFound("domain");
    const limit = full === null ? null : domainAllowance(full, now - row.created_at);
    if (limit === null) return null;
    const day = dayOf(now);
    const used = db.select().from(sending_day).where(eq(sending_day.day, day)).get()?.recipients ?? 0;
    if (used + wanted > limit) {
      const facts = `its accounts may write to ${limit} recipients elsewhere today; ${used} were written to`;
      const detail = `The domain ${row.name} is new, so ${facts}, and this message has ${wanted}.`;
      throw new Failure("sending_limit", detail, [], secondsToNextDay(now));
    }
    db.insert(sending_day)
      .values({ day, recipients: wanted })
      .onConflictDoUpdate({ target: sending_day.day, set: { recipients: sql`recipients + ${wanted}` } })
      .run();
    return day;
  });
}

export function giveBackRecipients(db: DomainDb, n: number, day: string): void {
  db.update(sending_day)
    .set({ recipients: sql`max(0, recipients - ${n})` })
    .where(eq(sending_day.day, day))
    .run();
}
