/** What the doctor found: in plain words, with what to do about it. */

export interface Finding {
  /** `unknown`: DNS did not say. Only what is wrong or unknown makes the doctor end with 1. */
  level: "right" | "advice" | "wrong" | "unknown";
  what: string;
  todo?: string;
}

export const right = (what: string): Finding => ({ level: "right", what });
export const advice = (what: string, todo: string): Finding => ({ level: "advice", what, todo });
export const wrong = (what: string, todo: string): Finding => ({ level: "wrong", what, todo });
export const unknown = (what: string, why: string): Finding => {
  return { level: "unknown", what: `${what} could not be looked up: ${why}`, todo: "try again in a few minutes" };
};

const MARKS = { right: "  ok   ", advice: "  note ", wrong: "  WRONG", unknown: "  ?    " };

export const lineOf = ({ level, what, todo }: Finding): string =>
  `${MARKS[level]}  ${printable(what)}${todo === undefined ? "" : `\n           → ${printable(todo)}`}`;

/** DNS records are a stranger's: they must not steer the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, "?");

/** A value from DNS in a sentence. */
export const quoted = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
