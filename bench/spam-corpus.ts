/** The public corpus as lessons, in two halves by the MD5 of the message, and in an order that is the same each time. */
import { createHash } from "node:crypto";
import { parseMessage } from "../mail/parse/parse-message.ts";
import type { Lesson } from "../mail/spam/build-prior.ts";
import { type SpamSigns, spamSigns } from "../mail/spam/features.ts";
import { corpus } from "../tests/support/corpus.ts";

export interface CorpusLesson extends Lesson {
  name: string;
  raw: Buffer;
  md5: string;
  tests: SpamSigns["tests"];
  half: "taught" | "scored";
}

export async function corpusLessons(): Promise<CorpusLesson[]> {
  const lessons: CorpusLesson[] = [];
  for (const { name, raw } of corpus()) {
    const md5 = createHash("md5").update(raw).digest("hex");
    const { features, tests } = spamSigns(raw, await parseMessage(raw));
    const half = Number.parseInt(md5.charAt(0), 16) < 8 ? "taught" : "scored";
    lessons.push({ name, raw, md5, features, tests, half, isSpam: name.startsWith("spam") });
  }
  return lessons.sort((a, b) => (a.md5 < b.md5 ? -1 : 1));
}

/**
 * By a hash of the pass and of the message's place: the collections of the corpus are mixed, and each pass has an order of
 * its own, which does not change with the features.
 */
export function inPass<T>(lessons: T[], pass: number): T[] {
  const keyed = lessons.map((lesson, n) => ({
    lesson,
    key: createHash("md5").update(`${pass} ${n}`).digest("hex"),
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ lesson }) => lesson);
}
