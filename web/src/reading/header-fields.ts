/** The header of a message (RFC 5322 §2.2) as its fields, for reading. */

export interface HeaderField {
  /** Where it begins, which tells fields of one name apart. */
  at: number;
  name: string;
  value: string;
}

export const headerOf = (raw: string): string => /^(?:.+(?:\r?\n|$))*/.exec(raw)?.[0] ?? "";

/** Unfolded (RFC 5322 §2.2.3); a line that is no field is shown as a value without a name. */
export function fieldsOf(header: string): HeaderField[] {
  return Array.from(
    header.matchAll(/^(?![ \t])(?:([\x21-\x39\x3b-\x7e]+)[ \t]*:)?(.*(?:\r?\n[ \t].*)*)/gm),
    (match) => ({
      at: match.index,
      name: match[1] ?? "",
      value: (match[2] ?? "").replaceAll(/\r?\n[ \t]+/g, " ").trim(),
    }),
  ).filter(({ name, value }) => name !== "" || value !== "");
}
