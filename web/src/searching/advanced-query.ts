/** What the form of the advanced search holds, as a query. */
import { operatorPart } from "./query-parts.ts";

export interface AdvancedSearch {
  words: string;
  without: string;
  from: string;
  to: string;
  subject: string;
  /** The name of a folder; empty for all mail but trash and junk, `anywhere` for them too. */
  folder: string;
  /** Days, as a date field has them: 2026-11-28. */
  after: string;
  before: string;
  has_attachment: boolean;
  is_unread: boolean;
}

export const EMPTY_SEARCH: AdvancedSearch = {
  ...{ words: "", without: "", from: "", to: "", subject: "", folder: "", after: "", before: "" },
  ...{ has_attachment: false, is_unread: false },
};

export function queryOf(search: AdvancedSearch): string {
  const { words, without, from, to, subject, folder, after, before } = search;
  const given = (operator: string, value: string) => (value.trim() === "" ? [] : [operatorPart(operator, value)]);
  return [
    ...(words.trim() === "" ? [] : [words.trim()]),
    ...without.split(/\s+/).flatMap((word) => (word === "" ? [] : [`-${word.replaceAll(/["(){}]/g, "")}`])),
    ...given("from", from),
    ...given("to", to),
    ...given("subject", subject),
    ...given("in", folder),
    ...given("after", after),
    ...given("before", before),
    ...(search.has_attachment ? ["has:attachment"] : []),
    ...(search.is_unread ? ["is:unread"] : []),
  ].join(" ");
}
