/**
 * Generated mail that looks like mail: Zipf-distributed words, threads, HTML, attachments, some Chinese and Japanese.
 * The same seed gives the same messages, byte for byte.
 */
import { mulberry32 } from "./random.ts";

export interface Generated {
  from: string;
  raw: Buffer;
}

const VOCABULARY = 20_000;
const PEOPLE = 400;
const CJK = "新会议安排请确认付款时间表東京大学研究室資料送付お願いします打合日程変更";

export function* generate(count: number, seed = 1): Generator<Generated> {
  const random = mulberry32(seed);
  const pick = (n: number) => Math.floor(random() * n);
  // Zipf with exponent 1: the rank of a word drawn by the inverse of its cumulative distribution.
  const word = () => wordOf(Math.floor(VOCABULARY ** random()) - 1);
  const words = (n: number) => Array.from({ length: n }, word).join(" ");
  const recent: { id: string; subject: string; references: string[]; people: string[] }[] = [];
  const somebody = () => {
    const person = pick(PEOPLE);
    return `${wordOf(person * 7)}.${wordOf(person * 11 + 1)}@${wordOf(person % 40)}.example`;
  };
  for (let n = 0; n < count; n++) {
    const parent = random() < 0.45 ? recent[pick(recent.length)] : undefined;
    const people = parent?.people ?? Array.from({ length: 1 + pick(3) }, somebody);
    const from = people[pick(people.length)] ?? "";
    const cc = people.filter((person) => person !== from);
    const isCjk = random() < 0.04;
    const subject = parent ? `Re: ${parent.subject}` : isCjk ? CJK.slice(pick(20), 20 + pick(14)) : words(2 + pick(7));
    const id = `${seed}.${n}@bench.example`;
    const references = parent ? [...parent.references, parent.id].slice(-10) : [];
    if (!parent) recent.push({ id, subject, references, people });
    if (recent.length > 200) recent.shift();
    const text = `${isCjk ? CJK : ""}\n${paragraphs(words, Math.ceil(8 / (random() + 0.05)))}\n`;
    yield {
      from,
      raw: message({ n, from, cc, subject, id, references, text, kind: random(), attachment: pick(40_000) }),
    };
  }
}

function paragraphs(words: (n: number) => string, count: number): string {
  return Array.from({ length: Math.min(count, 120) }, () => words(25)).join("\n");
}

/** Pronounceable and distinct: digits of the rank in base 40. */
export function wordOf(rank: number): string {
  const syllables =
    "ba be bi bo bu da de di do du fa fe fi fo ga ge go ka ke ki ko la le li lo ma me mi mo na ne no ra re ri ro sa se so ta".split(
      " ",
    );
  let text = "";
  for (let rest = rank + 40; rest > 0; rest = Math.floor(rest / 40)) text += syllables[rest % 40];
  return text;
}

interface Parts {
  n: number;
  from: string;
  cc: string[];
  subject: string;
  id: string;
  references: string[];
  text: string;
  /** Below 0.45 plain text, below 0.85 with HTML, else with an attachment too. */
  kind: number;
  attachment: number;
}

function message({ n, from, cc, subject, id, references, text, kind, attachment }: Parts): Buffer {
  const header = [
    `From: ${from.split("@")[0]?.replace(".", " ")} <${from}>`,
    "To: Alice <alice@mesh.test>",
    ...(cc.length > 0 ? [`Cc: ${cc.join(", ")}`] : []),
    `Subject: =?utf-8?B?${Buffer.from(subject).toString("base64").slice(0, 60)}?=`,
    `Message-ID: <${id}>`,
    ...(references.length > 0
      ? [`In-Reply-To: <${references.at(-1)}>`, `References: ${references.map((r) => `<${r}>`).join("\r\n ")}`]
      : []),
    `Date: ${new Date(1_700_000_000_000 + n * 60_000).toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
  ];
  const plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text];
  if (kind < 0.45) return crlf([...header, ...plain]);
  const html = [
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    `<html><body><p>${text.replaceAll("\n", "</p>\n<p>")}</p></body></html>`,
  ];
  const alternative = [
    "Content-Type: multipart/alternative; boundary=alt",
    "",
    "--alt",
    ...plain,
    "--alt",
    ...html,
    "--alt--",
  ];
  if (kind < 0.85) return crlf([...header, ...alternative]);
  const bytes = Buffer.alloc(attachment, `${id} `).toString("base64").replaceAll(/.{76}/g, "$&\n");
  const file = [
    `Content-Type: application/pdf; name=report-${n}.pdf`,
    "Content-Disposition: attachment",
    "Content-Transfer-Encoding: base64",
    "",
    bytes,
  ];
  return crlf([
    ...header,
    "Content-Type: multipart/mixed; boundary=mix",
    "",
    "--mix",
    ...alternative,
    "--mix",
    ...file,
    "--mix--",
    "",
  ]);
}

const crlf = (lines: string[]): Buffer => Buffer.from(lines.join("\n").replaceAll("\n", "\r\n"));
