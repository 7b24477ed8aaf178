/** bogofilter from Debian, taught and asked with the same messages. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scored } from "./spam.ts";
import type { CorpusLesson } from "./spam-corpus.ts";

/** Null where it is not installed. */
export function bogofilterScores(taught: CorpusLesson[], scored: CorpusLesson[]): Scored[] | null {
  if (spawnSync("bogofilter", ["-V"]).error) return null;
  const directory = mkdtempSync(join(tmpdir(), "bogofilter-"));
  try {
    return scoresIn(directory, taught, scored);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function scoresIn(directory: string, taught: CorpusLesson[], scored: CorpusLesson[]): Scored[] {
  const write = (lessons: CorpusLesson[]) =>
    lessons.map(({ md5, raw }) => {
      const file = join(directory, md5);
      // With LF, as it lies in a Maildir.
      writeFileSync(file, raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
      return file;
    });
  const database = join(directory, "words");
  mkdirSync(database);
  const run = (option: string, files: string[]) =>
    spawnSync("bogofilter", ["-d", database, option, "-b"], { input: files.join("\n"), encoding: "latin1" });
  for (const isSpam of [true, false]) {
    const files = write(taught.filter((lesson) => lesson.isSpam === isSpam));
    execFileSync("bogofilter", ["-d", database, isSpam ? "-s" : "-n", "-b"], { input: files.join("\n") });
  }
  const lines = run("-T", write(scored)).stdout.trim().split("\n");
  const scores = new Map(lines.map((line) => [line.split(" ")[0]?.split("/").at(-1), Number(line.split(" ").at(-1))]));
  return scored.map(({ name, isSpam, md5 }) => {
    const score = scores.get(md5);
    if (score === undefined) throw new Error(`bogofilter says nothing of ${name}`);
    return { name, isSpam, score };
  });
}
