/**
 * What screening says of 6,046 real messages of 2002 and 2003, ham and spam: a finding in ham that refuses is a false
 * alarm. `node bench/screening.ts`
 */
import { screenMessage } from "../mail/screening/message.ts";
import { corpus } from "../tests/support/corpus.ts";
import { printTable } from "./table.ts";

const counts = new Map<string, { ham: number; spam: number }>();
const count = (what: string, kind: "ham" | "spam") => {
  const row = counts.get(what) ?? { ham: 0, spam: 0 };
  row[kind]++;
  counts.set(what, row);
};

for (const { name, raw } of corpus()) {
  const kind = name.includes("ham") ? "ham" : "spam";
  const { refused, findings } = await screenMessage(raw);
  count("messages", kind);
  for (const code of new Set(findings.map((finding) => finding.code))) count(code, kind);
  if (refused) count("refused", kind);
  if (refused && kind === "ham") console.log(name, JSON.stringify(findings));
}

const rows = [...counts].sort(([, a], [, b]) => b.ham + b.spam - a.ham - a.spam);
printTable(
  ["", "ham", "spam"],
  rows.map(([what, { ham, spam }]) => [what, `${ham}`, `${spam}`]),
);
