/** A rule while it is written, and as the service takes it. */
import type {
  CreateFilter,
  Filter,
  FilterActions,
  FilterConditions,
  HeaderMatch,
} from "../../../../contract/filters.ts";
import { operatorPart } from "../../searching/query-parts.ts";

/** What a condition can be made of without knowing the language of searches. The words are those of docs/search.md. */
export const OPERATORS = ["from", "to", "subject", "words", "list", "larger", "attachment", "anywhere"] as const;
export type Operator = (typeof OPERATORS)[number];
const FIXED: Partial<Record<Operator, string>> = { attachment: "has:attachment", anywhere: "in:anywhere" };
export const takesValue = (operator: Operator): boolean => FIXED[operator] === undefined;

export interface RuleDraft {
  name: string;
  /** In the language of searches. */
  query: string;
  /** The condition that is being typed, which counts already. */
  typed: { operator: Operator; value: string };
  headers: HeaderMatch[];
  actions: Omit<FilterActions, "forward_to" | "reply" | "keywords">;
  /** Addresses and keywords, in one line each. */
  forward: string;
  keywords: string;
  reply: { subject: string; body: string } | null;
}

export function draftOf(filter: Pick<Filter, "name" | "conditions" | "actions"> | null): RuleDraft {
  const { name = "", conditions, actions } = filter ?? {};
  const { forward_to = [], reply, keywords = [], ...simple } = actions ?? { move_to: [], add_to: [] };
  return {
    name,
    query: conditions?.query ?? "",
    typed: { operator: "from", value: "" },
    headers: conditions?.headers ?? [],
    actions: simple,
    forward: forward_to.join(", "),
    keywords: keywords.join(" "),
    reply: reply ? { subject: reply.subject ?? "", body: reply.body } : null,
  };
}

/** The part of a query that a typed condition is; empty while there is nothing in it. */
export function partOf({ operator, value }: RuleDraft["typed"]): string {
  const fixed = FIXED[operator];
  if (fixed !== undefined) return fixed;
  if (value.trim() === "") return "";
  if (operator !== "words") return operatorPart(operator, value);
  // Several words are one condition of this list, as they were typed: all of them must be there.
  return value.trim();
}

/** A fixed condition counts once it was added: it would otherwise hold as soon as it is looked at in the menu. */
export function conditionsOf({ query, typed, headers }: RuleDraft, timeZone: string): FilterConditions {
  const part = takesValue(typed.operator) ? partOf(typed) : "";
  return { query: [query.trim(), part].filter((text) => text !== "").join(" "), time_zone: timeZone, headers };
}

export const isEmpty = ({ query, headers }: FilterConditions): boolean => query === "" && headers.length === 0;

/** Whether it does anything. */
export const hasDeeds = ({ actions, forward, keywords, reply }: RuleDraft): boolean =>
  reply !== null ||
  [forward, keywords].some((text) => text.trim() !== "") ||
  Object.values(actions).some((action) => (Array.isArray(action) ? action.length > 0 : action !== undefined));

export function filterOf(draft: RuleDraft, timeZone: string): Omit<CreateFilter, "is_enabled"> {
  const { name, actions, forward, keywords, reply } = draft;
  return {
    name: name.trim(),
    conditions: conditionsOf(draft, timeZone),
    actions: {
      ...actions,
      forward_to: forward.split(/[\s,;]+/).filter((address) => address !== ""),
      keywords: keywords.split(/[\s,;]+/).filter((keyword) => keyword !== ""),
      ...(reply === null
        ? {}
        : { reply: { subject: reply.subject.trim() || null, body: reply.body, body_html: null } }),
    },
  };
}
