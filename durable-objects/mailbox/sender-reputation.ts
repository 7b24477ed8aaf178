/** What the owner has said of mail of each domain, and what that adds to the score of the next one. */
import { eq, sql } from "drizzle-orm";
import { domainOf } from "../../mail/address/address.ts";
import { reputationTest } from "../../mail/spam/sender-tests.ts";
import type { SpamTest } from "../../mail/spam/spam-test.ts";
import { sender_reputation } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";

export type Kind = "ham" | "spam";

/** Domains that are remembered: those of which the owner said something last. */
const MAX_DOMAINS = 2000;

/** A domain is not to blame for what others write in its name. */
const authorOf = ({ from, authentication }: Pick<MessageRow, "from" | "authentication">): string | null =>
  from === null || authentication?.sender === "forged" ? null : domainOf(from.email);

/** Of a message that was learnt as one kind and is another now, the first word is taken back. */
export function noteReputation(
  db: MailboxDb,
  row: Pick<MessageRow, "from" | "authentication" | "learnt_as">,
  kind: Kind,
  now: number,
): void {
  const domain = authorOf(row);
  if (domain === null) return;
  const by = (which: Kind) => Number(kind === which) - Number(row.learnt_as === which);
  const [ham, spam] = [by("ham"), by("spam")];
  db.insert(sender_reputation)
    .values({ domain, ham: Math.max(0, ham), spam: Math.max(0, spam), changed_at: now })
    .onConflictDoUpdate({
      target: sender_reputation.domain,
      set: { ham: sql`max(0, ham + ${ham})`, spam: sql`max(0, spam + ${spam})`, changed_at: now },
    })
    .run();
  db.run(sql`DELETE FROM sender_reputation WHERE domain IN (
    SELECT domain FROM sender_reputation ORDER BY changed_at DESC LIMIT -1 OFFSET ${MAX_DOMAINS})`);
}

export function reputationOf(db: MailboxDb, row: Pick<MessageRow, "from" | "authentication">): SpamTest | null {
  const domain = authorOf(row);
  const known = domain === null ? undefined : select(db).get({ domain });
  if (known === undefined) return null;
  const test = reputationTest(known.domain, known);
  // Anybody can write in a good name; where nobody looks at all, it is all there is to go by.
  const isBacked = row.authentication === null || row.authentication.sender === "verified";
  return test !== null && test.weight < 0 && !isBacked ? null : test;
}

const select = prepared((db) =>
  db
    .select()
    .from(sender_reputation)
    .where(eq(sender_reputation.domain, sql.placeholder("domain")))
    .prepare(),
);
