/**
 * The parts of a query that stand side by side at its top, so that a chip or a form can take one out or put one in and leave
 * the rest as it was typed. The language is the server's (docs/search.md); here only quotes and brackets are understood.
 */

/** `from:ana (tea OR "green cake") is:unread` has three parts. */
export function partsOf(query: string): string[] {
  const parts: string[] = [];
  let [depth, isQuoted, begin] = [0, false, 0];
  for (let at = 0; at <= query.length; at++) {
    const character = query[at];
    const isEnd = character === undefined || (!isQuoted && depth === 0 && /\s/.test(character));
    if (isEnd) {
      if (at > begin) parts.push(query.slice(begin, at));
      begin = at + 1;
    } else if (/["“”]/.test(character)) isQuoted = !isQuoted;
    else if (!isQuoted && /[({]/.test(character)) depth++;
    else if (!isQuoted && /[)}]/.test(character)) depth = Math.max(0, depth - 1);
  }
  return parts;
}

export const hasPart = (query: string, part: string): boolean => partsOf(query).some((found) => sameAs(found, part));

export function togglePart(query: string, part: string): string {
  if (hasPart(query, part)) {
    return partsOf(query)
      .filter((found) => !sameAs(found, part))
      .join(" ");
  }
  return [query.trim(), part].filter((text) => text !== "").join(" ");
}

/** What is being typed at the end gives way to `part`, and a space follows for the next one. */
export function completeWith(query: string, part: string): string {
  const isOpen = query !== "" && !/\s$/.test(query);
  const before = isOpen ? partsOf(query).slice(0, -1) : partsOf(query);
  return [...before, part].join(" ") + (part.endsWith(":") ? "" : " ");
}

/** The last part, while nothing follows it. */
export const typedPart = (query: string): string => (/\s$/.test(query) ? "" : (partsOf(query).at(-1) ?? ""));

/** `from:` and a value, in quotes where it holds what would end it. Quotes cannot be quoted, so they become spaces. */
export function operatorPart(operator: string, value: string): string {
  const text = value.replaceAll(/["“”]/g, " ").trim();
  return `${operator}:${/[\s(){}]/.test(text) ? `"${text}"` : text}`;
}

const sameAs = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
