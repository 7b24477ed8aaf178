/**
 * Answers of the DNS, kept for a short time: a mailing comes in many copies, and each asks for the same keys and
 * policies. Node does not say how long an answer is good, so none is kept for long; what failed is not kept at all.
 */
import type { MxRecord } from "node:dns";

export type DnsAnswer = string[] | string[][] | MxRecord[];
export type Resolve = (name: string, type: string) => Promise<DnsAnswer>;

interface Entry {
  answer: Promise<DnsAnswer>;
  expires_at: number;
}

const KEPT_MILLISECONDS = 60_000;
const MAX_ENTRIES = 5_000;

export function cached(resolve: Resolve, now: () => number = Date.now): Resolve {
  const entries = new Map<string, Entry>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const kept = entries.get(key);
    if (kept !== undefined && kept.expires_at > now()) return kept.answer;
    const entry = { answer: resolve(name, type), expires_at: now() + KEPT_MILLISECONDS };
    entries.delete(key);
    entries.set(key, entry);
    entry.answer.catch((error: unknown) => {
      if (!isAnswer(error) && entries.get(key) === entry) entries.delete(key);
    });
    // A Map keeps the order in which its keys came, so the first is the oldest.
    const [oldest] = entries.size > MAX_ENTRIES ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
    return entry.answer;
  };
}

/** RFC 2308 §1: that there is no such name, or nothing of the type, is an answer too. */
function isAnswer(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOTFOUND" || code === "ENODATA";
}
