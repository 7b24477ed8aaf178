/** Addresses in one line of a form. Names that were given elsewhere stay with their addresses. */
import type { Address } from "../../../contract/addresses.ts";

export const lineOf = (addresses: readonly Address[]): string => addresses.map(({ email }) => email).join(", ");

export const addressesOf = (line: string, before: readonly Address[] = []): Address[] =>
  line
    .split(/[\s,;]+/)
    .filter((email) => email !== "")
    .map((email) => before.find((known) => known.email === email) ?? { name: "", email });
