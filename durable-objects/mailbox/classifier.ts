/**
 * What this mailbox has learnt of spam: the pages of `classifier_page`, read once while the object lives. A mailbox that
 * was never taught has none, and shares the empty cells with all others.
 */
import { sql } from "drizzle-orm";
import { Cells } from "../../mail/spam/cells.ts";
import { Classifier } from "../../mail/spam/classifier.ts";
import { shippedPrior } from "../../mail/spam/shipped-prior.ts";
import { classifier_page } from "../../schema/mailbox/tables.ts";
import type { MailboxDb } from "./mailbox-database.ts";

const UNTAUGHT = new Cells();
const known = new WeakMap<MailboxDb, Cells>();

export const classifierOf = (db: MailboxDb): Classifier => new Classifier(shippedPrior(), cellsOf(db));

/** `work` may change what was learnt; then it is saved, in the caller's transaction. */
export function teach(db: MailboxDb, work: (classifier: Classifier) => void): void {
  const held = cellsOf(db);
  const cells = held === UNTAUGHT ? new Cells() : held;
  // Until the pages are written nobody may count on it, and where that fails they are read again.
  known.delete(db);
  work(new Classifier(shippedPrior(), cells));
  cells.pages().forEach((bytes, page) => {
    db.insert(classifier_page)
      .values({ page, cells: bytes })
      .onConflictDoUpdate({ target: classifier_page.page, set: { cells: sql`excluded.cells` } })
      .run();
  });
}

function cellsOf(db: MailboxDb): Cells {
  const held = known.get(db);
  if (held !== undefined) return held;
  const pages = db.select().from(classifier_page).all();
  const cells = pages.length === 0 ? UNTAUGHT : Cells.from(new Map(pages.map((row) => [row.page, row.cells])));
  known.set(db, cells);
  return cells;
}
