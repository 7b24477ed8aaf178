/** What the doctor found: in plain words, with what to do about it. */
import type { DnsFinding as Finding } from "../../contract/dns.ts";

export type { Finding };

export const right = (what: string): Finding => ({ level: "right", what });
export const advice = (what: string, todo: string): Finding => ({ level: "advice", what, todo });
export const wrong = (what: string, todo: string): Finding => ({ level: "wrong", what, todo });
export const unknown = (what: string, why: string): Finding => {
  return { level: "unknown", what: `${what} could not be looked up: ${why}`, todo: "try again in a few minutes" };
};

/** A value from DNS in a sentence. */
export const quoted = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
