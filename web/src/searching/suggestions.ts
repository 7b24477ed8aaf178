/** What the search box offers while somebody types: ways to go on, and the first messages that are found already. */
import { queryOptions } from "@tanstack/react-query";
import type { Suggestions } from "../../../contract/saved-searches.ts";
import type { SearchPage } from "../../../contract/search.ts";
import { call } from "../api/call.ts";
import { timeZone } from "../language/time-zone.ts";
import { completeWith, operatorPart, typedPart } from "./query-parts.ts";

export type Suggestion =
  /** The query goes on so; more may follow. */
  | { kind: "part"; key: string; query: string; label: string; hint: string }
  /** The query is that one. */
  | { kind: "search"; key: string; query: string; label: string }
  | { kind: "message"; key: string; message: SearchPage["messages"][number] };

/** Parts that can be typed, by the beginning of their names. */
const OPERATORS = [
  ...["from:", "to:", "subject:", "in:", "has:attachment", "has:pdf", "has:image", "is:unread", "is:starred"],
  ...["filename:", "after:", "before:", "newer_than:", "older_than:", "larger:", "list:"],
];
const MOST_PARTS = 6;

export const suggestionsQuery = (typed: string) =>
  queryOptions({
    queryKey: ["suggestions", typed],
    queryFn: ({ signal }) => call<Suggestions>("POST", "/suggestions", { body: { q: typed }, signal }),
    staleTime: 30_000,
  });

/** The newest few of what is found, with the last word taken as the beginning of one. */
export const asTypedQuery = (q: string) =>
  queryOptions({
    queryKey: ["as-typed", q],
    queryFn: ({ signal }) => {
      const body = { q, limit: 5, prefix: true, snippets: true, time_zone: timeZone() };
      return call<SearchPage>("POST", "/search", { body, signal });
    },
    enabled: q.trim() !== "",
    staleTime: 5000,
  });

/** `from:an` asks for people whose names begin with `an`. */
export function suggestedFor(typed: string): string {
  return typedPart(typed).replace(/^-?(?:from|to|cc|bcc|in|label):"?/i, "");
}

export function suggestionsOf(
  typed: string,
  { people, folders, searches }: Suggestions,
  found: SearchPage["messages"],
): Suggestion[] {
  const part = typedPart(typed).toLowerCase();
  const [, operator = ""] = /^-?([a-z_]+):/.exec(part) ?? [];
  const goOn = (written: string, label: string, hint: string): Suggestion => ({
    ...{ kind: "part", key: `part ${written}`, query: completeWith(typed, written), label, hint },
  });
  const operators = OPERATORS.filter((name) => part !== "" && name.startsWith(part) && name !== part);
  const who = /^(?:to|cc|bcc)$/.test(operator) ? operator : "from";
  const isOfPeople = operator === "" || /^(?:from|to|cc|bcc)$/.test(operator);
  const isOfFolders = operator === "" || /^(?:in|label)$/.test(operator);
  const parts = [
    ...operators.map((name) => goOn(name, name, "")),
    ...(isOfPeople && part !== ""
      ? people.map(({ name, email }) => goOn(operatorPart(who, email), name || email, operatorPart(who, email)))
      : []),
    ...(isOfFolders && part !== ""
      ? folders.map(({ name, role }) => goOn(operatorPart("in", role ?? name), name, operatorPart("in", role ?? name)))
      : []),
  ];
  return [
    ...parts.slice(0, MOST_PARTS),
    ...searches.map(({ id, name, query }) => ({
      kind: "search" as const,
      key: `search ${id}`,
      query,
      label: name ?? query,
    })),
    ...found.map((message) => ({ kind: "message" as const, key: `message ${message.id}`, message })),
  ];
}
