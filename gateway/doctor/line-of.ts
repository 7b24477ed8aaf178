/** A finding as the terminal shows it. */
import type { DnsFinding } from "../../contract/dns.ts";

const MARKS = { right: "  ok   ", advice: "  note ", wrong: "  WRONG", unknown: "  ?    " };

export const lineOf = ({ level, what, todo }: DnsFinding): string =>
  `${MARKS[level]}  ${printable(what)}${todo === undefined ? "" : `\n           → ${printable(todo)}`}`;

/** DNS records are a stranger's: they must not steer the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, "?");
