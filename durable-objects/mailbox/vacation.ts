/**
 * The owner is away: who writes is told so, once in a period (RFC 3834, RFC 5230 §4). The same rules hold for the owner's
 * own notice and for those of Sieve scripts, which have handles of their own (RFC 5230 §4.7).
 */
import { eq, sql } from "drizzle-orm";
import type { NewFollowUp } from "../../contract/follow-ups.ts";
import { Vacation } from "../../contract/vacation.ts";
import { addressKey } from "../../mail/address/address-key.ts";
import { account, correspondent } from "../../schema/mailbox/tables.ts";
import { forgetAnswered, isAnswerable, isFirstIn, ownKeys } from "./automatic-answers.ts";
import { ROLE_ID } from "./folder-roles.ts";
import type { Letter } from "./letter.ts";
import { type Mailbox, type MailboxDb, type MessageRow, prepared } from "./mailbox-database.ts";

/** What is said, and to whom how often. */
export interface Notice {
  handle: string;
  days: number;
  subject: string | null;
  body: string;
  body_html?: string | null;
  /** RFC 5230 §4.4: the body is a MIME entity. */
  is_mime?: boolean;
  /** RFC 5230 §4.5: addresses that are the owner's as well, because the owner says so. */
  addresses?: string[];
  from?: { name: string; email: string } | null;
}

/**
 * The answer to a letter, or null where there is to be none. It is written down as told. Part of the delivery's
 * transaction; whether the letter is spam is for the caller to know.
 */
export function vacationReply(box: Mailbox, letter: Letter, notice: Notice): NewFollowUp | null {
  const { handle, days, subject, body, body_html = null, is_mime = false, from = null, addresses = [] } = notice;
  if (!isAnswerable(box, letter)) return null;
  const addressed = addressedTo(box, letter, addresses);
  if (addressed === null) return null;
  if (!isFirstIn(box, handle, letter.return_path, days, letter.received_at)) return null;
  const words = { subject, body, body_html, is_mime, from };
  return { kind: "vacation", to: letter.return_path, handle, ...words, only_if_own: addressed.toBeAsked };
}

/**
 * RFC 5230 §4.5: one of the owner's addresses has to stand in the header, or the letter came by a list, an alias of many,
 * or Bcc. An address that only the envelope names may be that of many: whether it is, the Domain has to be asked.
 */
function addressedTo(box: Mailbox, { content, delivered_to }: Letter, addresses: string[]) {
  const named = new Set([...content.to, ...content.cc, ...content.bcc].map(({ email }) => addressKey(email)));
  named.delete(null);
  const own = [...ownKeys(box), ...addresses.map(addressKey)];
  if (own.some((key) => named.has(key))) return { toBeAsked: null };
  const known = delivered_to.find((address) => named.has(addressKey(address)));
  return known === undefined ? null : { toBeAsked: known };
}

/** The owner's own notice. */
const OWN = "own";

/** The answer of the owner's own notice to a message that has just been put where it goes. */
export function ownVacationReply(box: Mailbox, letter: Letter, row: MessageRow): NewFollowUp[] {
  // Most are not away: that is asked without reading what they would say.
  if (!letter.examination || selectEnabled(box.db).get()?.is_enabled !== 1) return [];
  if (row.folder_ids.includes(ROLE_ID.junk) || row.folder_ids.includes(ROLE_ID.trash)) return [];
  const { from, until, only_contacts, days, subject, body, body_html } = readVacation(box.db);
  const { received_at, return_path } = letter;
  if (from !== null && received_at < Date.parse(from)) return [];
  if (until !== null && received_at >= Date.parse(until)) return [];
  if (only_contacts && !isContact(box.db, return_path)) return [];
  const reply = vacationReply(box, letter, { handle: OWN, days, subject, body, body_html });
  return reply === null ? [] : [reply];
}

const selectEnabled = prepared((db) =>
  db
    .select({ is_enabled: sql<number | null>`json_extract(${account.settings}, '$.vacation.is_enabled')` })
    .from(account)
    .prepare(),
);

function isContact(db: MailboxDb, address: string): boolean {
  const key = addressKey(address);
  return key !== null && db.select().from(correspondent).where(eq(correspondent.address, key)).get() !== undefined;
}

export function readVacation(db: MailboxDb): Vacation {
  const { vacation = {} } = db.select({ settings: account.settings }).from(account).get()?.settings ?? {};
  return Vacation.parse(vacation);
}

/** With other words, or begun anew, it is told to everybody again. */
export function setVacation(db: MailboxDb, vacation: Vacation): Vacation {
  return db.transaction(() => {
    const before = readVacation(db);
    const hasNewWords = (["subject", "body", "body_html"] as const).some((word) => before[word] !== vacation[word]);
    if (hasNewWords || !before.is_enabled) forgetAnswered(db, OWN);
    const settings = sql`json_set(${account.settings}, '$.vacation', json(${JSON.stringify(vacation)}))`;
    db.update(account).set({ settings }).run();
    return vacation;
  });
}
