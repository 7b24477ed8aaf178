/**
 * The words of the full-text index that begin with what is being typed. FTS5's own `x*` merges the hits of every such
 * word: 1.4 s for thousands of them. Here a part of the index's own list of words is read, and the most frequent of it
 * are searched for by name.
 */
import { sql } from "drizzle-orm";
import { withoutDiacritics } from "../../mail/text/index-text.ts";
import type { MailboxDb } from "./mailbox-database.ts";

/** So many words are looked at, in their order: most of the time goes into counting their hits. */
const LOOKED_AT = 100;
/** And so many of these, the most frequent, are searched for. */
const SEARCHED_FOR = 50;

const LAST_CHARACTER = "\u{10ffff}";

export class Expansion {
  readonly #db: MailboxDb;
  /** Whether some words that begin so are not searched for. */
  isCut = false;

  constructor(db: MailboxDb) {
    this.#db = db;
  }

  of(beginning: string): string[] {
    // A view of the index without data of its own. Made where it is first used: generated migrations know no such table.
    this.#db.run(sql`CREATE VIRTUAL TABLE IF NOT EXISTS message_index_terms USING fts5vocab(message_index, row)`);
    const from = withoutDiacritics(beginning);
    const rows = this.#db.all<{ term: string; doc: number }>(sql`
      SELECT term, doc FROM message_index_terms
      WHERE term >= ${from} AND term < ${from + LAST_CHARACTER} LIMIT ${LOOKED_AT + 1}`);
    if (rows.length > SEARCHED_FOR) this.isCut = true;
    return rows
      .sort((a, b) => b.doc - a.doc)
      .slice(0, SEARCHED_FOR)
      .map(({ term }) => term);
  }
}
