/** One thing that speaks for spam, or with a weight below 0 against it, as contract/spam.ts shows it. */
import type { SpamTest } from "../../contract/spam.ts";

export type { SpamTest };

export const spamTest = (name: string, weight: number, words: string): SpamTest => ({ name, weight, words });

/** From here on it is junk. */
export const SPAM_THRESHOLD = 5;
