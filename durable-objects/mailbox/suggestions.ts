/** What a search box suggests while its owner types: people of recent messages, folders, searches. */
import { sql } from "drizzle-orm";
import type { Suggestions } from "../../contract/saved-searches.ts";
import { matchPeople } from "../../mail/query/match-expression.ts";
import { beginsIn, suggestPeople } from "../../mail/query/suggestions.ts";
import { folderRows } from "./folders.ts";
import { Expansion } from "./index-terms.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { folderIdOf } from "./object-ids.ts";
import { listSearches } from "./saved-searches.ts";

/** The newest messages with such people, whose addresses are counted. */
const LOOKED_AT = 200;
/** A field with more characters is a mailing's, and says nothing about whom the owner knows. */
const MAX_FIELD = 4000;
const MAX_PEOPLE = 8;
const MAX_FOLDERS = 5;
const MAX_SEARCHES = 8;

export function suggest(box: Mailbox, typed: string): Suggestions {
  const begins = beginsIn(typed);
  const folders = folderRows(box.db);
  return {
    people: people(box, typed),
    folders: folders
      .filter(({ name, role }) => begins(name) || begins(role ?? name))
      .slice(0, MAX_FOLDERS)
      .map(({ id, name, role }) => ({ id: folderIdOf(box, id), name, role })),
    searches: listSearches(box)
      .filter(({ name, query }) => begins(name ?? query) || begins(query))
      .slice(0, MAX_SEARCHES),
  };
}

interface Addresses {
  addresses: string;
}

function people({ db }: Mailbox, typed: string): Suggestions["people"] {
  const expansion = new Expansion(db);
  const match = matchPeople(typed, (beginning) => expansion.of(beginning));
  if (match === null) return [];
  const fields = ["from", "to", "cc", "bcc"].map(
    (name) => `CASE WHEN length("${name}") <= ${MAX_FIELD} THEN json("${name}") END`,
  );
  const matching = sql`SELECT rowid FROM message_index WHERE message_index MATCH ${match} ORDER BY rowid DESC LIMIT ${LOOKED_AT}`;
  // A letter or two begin more words than are looked for. Whoever wrote lately is meant most often.
  const newest = sql`UNION SELECT id FROM (SELECT id FROM message ORDER BY id DESC LIMIT ${LOOKED_AT})`;
  const ids = sql`SELECT rowid FROM (${matching}) ${expansion.isCut ? newest : sql``}`;
  // Whoever is in a draft may be half typed, and would stand in front of who is meant.
  const rows = db.all<Addresses>(sql`
    SELECT json_array(${sql.raw(fields.join(", "))}) AS addresses FROM message WHERE id IN (${ids}) AND is_draft = 0 ORDER BY id DESC`);
  return suggestPeople(
    typed,
    rows.map(({ addresses }) => addressesIn(addresses)),
    MAX_PEOPLE,
  );
}

/** `from` is one address or none, the others are lists. The columns are our own JSON. */
function addressesIn(json: string): Suggestions["people"] {
  const fields: (Suggestions["people"][number] | Suggestions["people"] | null)[] = JSON.parse(json);
  return fields.flatMap((field) => field ?? []);
}
