/**
 * What a filter asks of a message. Its query means what it means in a search, because the same SQL is asked, of the one
 * message; header matches are asked of its header's bytes.
 */
import { Failure } from "../../contract/failure.ts";
import type { FilterConditions } from "../../contract/filters.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import { parseQuery } from "../../mail/query/parse-query.ts";
import type { Query } from "../../mail/query/query.ts";
import { planSearch, type SearchPlan } from "../../mail/query/search-plan.ts";
import { folderRows } from "./folders.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { foldersNamed } from "./search-filters.ts";

const AT = "body.conditions.query";

/**
 * In a search, what cannot be understood is searched as words, and the answer says so. A filter acts while nobody looks:
 * one that means something else than it says is not made. Throws `bad_request` with every piece.
 */
export function requireConditions(box: Mailbox, { query }: FilterConditions): void {
  const { query: tree, taken_as_words } = parseQuery(query);
  const folders = folderRows(box.db);
  const issues: ProblemIssue[] = [
    ...taken_as_words.map(({ at, text, reason }) => ({
      at: AT,
      message: `${reason} at ${at}: ${JSON.stringify(text.slice(0, 100))}`,
    })),
    ...namedFolders(tree)
      .filter((name) => foldersNamed(name, folders).length === 0)
      .map((name) => ({ at: AT, message: `there is no folder ${JSON.stringify(name)}` })),
  ];
  if (issues.length > 0) throw new Failure("bad_request", "The query is not wholly understood.", issues);
}

function namedFolders(query: Query): string[] {
  if (query.kind === "and" || query.kind === "or") return query.of.flatMap(namedFolders);
  if (query.kind === "not") return namedFolders(query.of);
  return query.kind === "in" ? [query.folder] : [];
}

export const planOf = ({ query, time_zone }: FilterConditions, now: number): SearchPlan =>
  planSearch(parseQuery(query).query, { now, time_zone });
