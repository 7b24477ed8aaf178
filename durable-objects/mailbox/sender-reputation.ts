/** What the owner has said of mail of each domain, and what that adds to the score of the next one. */
import { inArray, sql, sum } from "drizzle-orm";
import { domainOf } from "../../mail/address/address.ts";
import { reputationTest } from "../../mail/spam/sender-tests.ts";
import type { SpamTest } from "../../mail/spam/spam-test.ts";
import { sender_reputation } from "../../schema/mailbox/tables.ts";
import { type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";

export type Kind = "ham" | "spam";

/** Domains that are remembered: those of which the owner said something last. */
const MAX_DOMAINS = 2000;

type Author = Pick<MessageRow, "from" | "authentication">;

const isVerified = ({ authentication }: Author): boolean => authentication?.sender === "verified";

/** Forged mail is by nobody that is known. */
const domainIn = ({ from, authentication }: Author): string | null =>
  from === null || authentication?.sender === "forged" ? null : domainOf(from.email);

/** A domain is not to blame for what others write in its name, so what it does not stand behind is counted apart. */
const inNameOf = (domain: string): string => `unverified ${domain}`;

/** Of a message that was learnt as one kind and is another now, the first word is taken back. */
export function noteReputation(
  db: MailboxDb,
  row: Author & Pick<MessageRow, "learnt_as">,
  kind: Kind,
  now: number,
): void {
  const name = domainIn(row);
  if (name === null) return;
  const domain = isVerified(row) ? name : inNameOf(name);
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

export function reputationOf(db: MailboxDb, author: Author): SpamTest | null {
  const domain = domainIn(author);
  if (domain === null) return null;
  const other = isVerified(author) ? domain : inNameOf(domain);
  const said = select(db).get({ domain, other });
  const test = reputationTest(domain, { ham: said?.ham ?? 0, spam: said?.spam ?? 0 });
  // Anybody can write in a good name; where nobody looks at all, it is all there is to go by.
  const isBacked = author.authentication === null || isVerified(author);
  return test !== null && test.weight < 0 && !isBacked ? null : test;
}

const select = prepared((db) =>
  db
    .select({
      ham: sum(sender_reputation.ham).mapWith(Number),
      spam: sum(sender_reputation.spam).mapWith(Number),
    })
    .from(sender_reputation)
    .where(inArray(sender_reputation.domain, [sql.placeholder("domain"), sql.placeholder("other")]))
    .prepare(),
);
