/** What the form of the advanced search holds, as a query. */
import { operatorPart, partsOf } from "./query-parts.ts";

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

const FIELDS = { from: "from", to: "to", subject: "subject", in: "folder", after: "after", before: "before" } as const;

/** The form for a query that stands there: what it has no field for, or could not choose, stays among the words. */
export function searchOf(query: string, folders: readonly string[]): AdvancedSearch {
  const parts = partsOf(query);
  const search = { ...EMPTY_SEARCH };
  // It binds what stands beside it, so that nothing can be taken out.
  if (parts.includes("OR")) return { ...search, words: query.trim() };
  const [words, without]: [string[], string[]] = [[], []];
  for (const part of parts) {
    const [, operator = "", quoted, plain] = /^(\w+):(?:"([^"]+)"|([^\s"“”(){}]+))$/.exec(part) ?? [];
    const field = fieldOf(operator.toLowerCase());
    const value = quoted ?? plain ?? "";
    if (field !== undefined && search[field] === "" && isChoice(field, value, folders)) search[field] = value;
    else if (/^has:attachment$/i.test(part)) search.has_attachment = true;
    else if (/^is:unread$/i.test(part)) search.is_unread = true;
    else if (/^-[^-\s"“”(){}:][^\s"“”(){}:]*$/.test(part)) without.push(part.slice(1));
    else words.push(part);
  }
  return { ...search, words: words.join(" "), without: without.join(" ") };
}

const fieldOf = (operator: string) => Object.entries(FIELDS).find(([name]) => name === operator)?.[1];

function isChoice(field: (typeof FIELDS)[keyof typeof FIELDS], value: string, folders: readonly string[]): boolean {
  if (field === "folder") return value === "anywhere" || folders.includes(value);
  if (field === "after" || field === "before") return /^\d{4}-\d{2}-\d{2}$/.test(value);
  return true;
}
