/** What is searched for in the generated mail (generate.ts): a query of each class that search must answer. */
import { wordOf } from "./generate.ts";

const [common, second, rare] = [wordOf(0), wordOf(3), wordOf(15_000)];

/** Each class that search must answer, and what raw FTS5 would be asked where it can be asked the same. */
export const QUERIES: Record<string, { q: string; raw?: string; prefix?: true; isWords?: true }> = {
  "rare word": { q: rare, raw: `"${rare}"`, isWords: true },
  "common word": { q: common, raw: `"${common}"`, isWords: true },
  "two words": { q: `${common} ${second}`, raw: `"${common}" AND "${second}"`, isWords: true },
  phrase: { q: `"${common} ${second}"`, raw: `"${common} ${second}"`, isWords: true },
  "from:": { q: `from:${wordOf(7)}`, raw: `sender : "${wordOf(7)}"` },
  "subject:": { q: `subject:${common}`, raw: `subject : "${common}"` },
  "word in a range of dates": { q: `${common} after:2024-01-03 before:2024-01-09` },
  "common word, rare filter": { q: `${common} is:flagged` },
  "common word, common filter": { q: `${common} is:unread` },
  "without a word": { q: `${common} -${second}`, raw: `"${common}" NOT "${second}"` },
  OR: { q: `${rare} OR ${second}`, raw: `"${rare}" OR "${second}"` },
  CJK: { q: "打合", raw: `"打 合"` },
  "a word's beginning": { q: common.slice(0, 3), prefix: true },
  "name of an attachment": { q: "filename:pdf", raw: `attachment_names : "pdf"` },
  "cc: bcc: list:": { q: `{cc:${common} bcc:${common} list:${common}}` },
  "filter alone": { q: "has:attachment larger:20k" },
  "filter that nothing passes": { q: "larger:20M" },
  age: { q: `${common} newer_than:1d` },
  "Message-ID": { q: "rfc822msgid:1.7@bench.example" },
  "no hit": { q: "zzzzzz", raw: '"zzzzzz"' },
};

/** The common word, asked for with more than a page of the newest. */
export const OPTIONS: Record<string, string> = {
  "by relevance": `q=${common}&sort=relevance`,
  "with the number of all": `q=${common}&total=true`,
  "with snippets": `q=${common}&snippets=true`,
};
