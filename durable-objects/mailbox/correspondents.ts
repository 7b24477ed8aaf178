/**
 * People the owner has written to. Their mail does not land in junk unless it is forged, and whoever takes their name or a
 * domain like theirs is told apart from them. A mailing to all subscribers makes nobody known, and what the mesh writes by
 * itself (a vacation notice, a forward, a receipt) never comes here: a stranger could make himself known by writing.
 */
import { eq, sql } from "drizzle-orm";
import { MAX_SUBMISSION_RECIPIENTS } from "../../contract/limits.ts";
import { domainOf } from "../../mail/address/address.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { domainKey, nameKey } from "../../mail/phishing/look-alike.ts";
import { correspondent } from "../../schema/mailbox/tables.ts";
import type { Content } from "./letter.ts";
import { type MailboxDb, placeholders, prepared } from "./mailbox-database.ts";

const DAY_MS = 24 * 3_600_000;
/** A longer one is no name that anybody knows, and the key of it would be a large row. */
const MAX_NAME = 200;

type Named = Pick<Content, "to" | "cc" | "bcc">;

/** Mail left for these envelope addresses; the fields of the message say what they are called. In the caller's transaction. */
export function rememberCorrespondents(db: MailboxDb, addresses: string[], named: Named, now: number): void {
  const names = namesIn(named);
  for (const email of addresses.slice(0, MAX_SUBMISSION_RECIPIENTS)) {
    const address = addressKey(email);
    const domain = domainOf(email);
    if (address === null || domain === null) continue;
    const name_key = nameKey(names.get(address) ?? "");
    upsert(db).run({ address, name_key, domain_key: domainKey(domain), written_at: now });
  }
}

/** What an archive says that the owner sent: it has no envelope any more. */
export function rememberImported(db: MailboxDb, content: Named, sentAt: number): void {
  const addresses = [...content.to, ...content.cc, ...content.bcc].map(({ email }) => email);
  rememberCorrespondents(db, addresses, content, sentAt);
}

export function isCorrespondent(db: MailboxDb, email: string): boolean {
  const address = addressKey(email);
  return address !== null && select(db).get({ address }) !== undefined;
}

function namesIn({ to, cc, bcc }: Named): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name, email } of [...to, ...cc, ...bcc]) {
    const address = addressKey(email);
    if (address !== null && name !== "" && name.length <= MAX_NAME) names.set(address, name);
  }
  return names;
}

/** Written again only where it says something new: a name, or another day. */
const upsert = prepared((db) =>
  db
    .insert(correspondent)
    .values(placeholders(correspondent))
    .onConflictDoUpdate({
      target: correspondent.address,
      set: {
        name_key: sql`CASE excluded.name_key WHEN '' THEN name_key ELSE excluded.name_key END`,
        written_at: sql`max(written_at, excluded.written_at)`,
      },
      setWhere: sql`excluded.name_key NOT IN ('', name_key) OR excluded.written_at >= written_at + ${sql.raw(String(DAY_MS))}`,
    })
    .prepare(),
);
const select = prepared((db) =>
  db
    .select({ address: correspondent.address })
    .from(correspondent)
    .where(eq(correspondent.address, sql.placeholder("address")))
    .prepare(),
);
