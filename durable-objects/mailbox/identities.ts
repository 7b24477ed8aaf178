/**
 * Identities (RFC 8621 §6): addresses with the name, the answers' address and the signature that go with them. Whether
 * an address belongs to the account is the Domain's to say, and the Worker asks it each time one is used: an alias may
 * have gone since.
 */
import { and, asc, eq, ne } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { CreateIdentity, Identity, UpdateIdentity } from "../../contract/identities.ts";
import { MAX_IDENTITIES } from "../../contract/limits.ts";
import { identity } from "../../schema/mailbox/tables.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { identityIdOf, requireNumber } from "./object-ids.ts";

type Row = typeof identity.$inferSelect;

/** The account's own. It is there without a row, which it gets when it is changed. */
const OWN = 1;
/** Later ones are numbered by time, so that the number of a deleted one is not given again. */
const FIRST_OTHER = 1024;

const ownRow = ({ email, name }: Mailbox): Row => ({
  ...{ id: OWN, email, name, reply_to: [], bcc: [], text_signature: "", html_signature: "", is_default: false },
});

/** The account's own first, then the others as they were made. */
function rowsOf(box: Mailbox): Row[] {
  const kept = box.db.select().from(identity).orderBy(asc(identity.id)).all();
  const all = kept[0]?.id === OWN ? kept : [ownRow(box), ...kept];
  return all.some(({ is_default }) => is_default) ? all : all.map((row) => ({ ...row, is_default: row.id === OWN }));
}

export const listIdentities = (box: Mailbox): Identity[] => rowsOf(box).map((row) => viewOf(box, row));

/** The address is in its canonical spelling, and belongs to the account. Throws `conflict`: one identity an address. */
export function createIdentity(box: Mailbox, wanted: CreateIdentity, now: number): Identity {
  return box.db.transaction(() => {
    const rows = rowsOf(box);
    if (rows.some(({ email }) => email === wanted.email)) {
      const issue = { at: "body.email", message: "has an identity" };
      throw new Failure("conflict", `There is an identity for ${wanted.email} already.`, [issue]);
    }
    if (rows.length >= MAX_IDENTITIES) {
      throw new Failure("conflict", `An account has at most ${MAX_IDENTITIES} identities.`);
    }
    const last = rows.at(-1)?.id ?? OWN;
    const id = Math.max(last + 1, now * FIRST_OTHER);
    return save(box, { ...wanted, id, is_default: wanted.is_default ?? false });
  });
}

export function updateIdentity(box: Mailbox, id: string, update: UpdateIdentity): Identity {
  return box.db.transaction(() => {
    const row = requireIdentity(box, id);
    const changed = Object.entries(update).filter(([, value]) => value !== undefined);
    return save(box, { ...row, ...Object.fromEntries(changed) });
  });
}

/** The default falls back to the account's own. */
export function deleteIdentity(box: Mailbox, id: string): void {
  box.db.transaction(() => {
    const row = requireIdentity(box, id);
    if (row.id === OWN) throw new Failure("forbidden", "The account's own identity cannot be deleted.");
    box.db.delete(identity).where(eq(identity.id, row.id)).run();
  });
}

function requireIdentity(box: Mailbox, id: string): Row {
  const number = requireNumber(box, "identity", id);
  const row = rowsOf(box).find((candidate) => candidate.id === number);
  if (row === undefined) throw notFound("identity");
  return row;
}

function save(box: Mailbox, row: Row): Identity {
  box.db.insert(identity).values(row).onConflictDoUpdate({ target: identity.id, set: row }).run();
  if (row.is_default) {
    const isOther = and(ne(identity.id, row.id), eq(identity.is_default, true));
    box.db.update(identity).set({ is_default: false }).where(isOther).run();
  }
  return viewOf(box, row);
}

const viewOf = (box: Mailbox, { id, ...row }: Row): Identity => ({
  ...{ id: identityIdOf(box, id), user_id: box.user_id, ...row, may_delete: id !== OWN },
});
