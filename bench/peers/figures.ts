/** The figures of one system: the same questions to each, and the same clock. */
import type { Generated } from "../generate.ts";
import { median, percentile } from "../measure.ts";
import { QUERIES } from "../queries.ts";
import { PAGE, type Reader, type System } from "./system.ts";

export const DELIVERIES = 4;
const MARKERS = 16;

/** What all can be asked, of the classes in bench/queries.ts. */
const CLASSES = ["common word", "rare word", "two words", "phrase", "from:", "CJK", "no hit"];

const SAMPLES = 100;
/** What takes longer is stopped there, however few the samples. */
const SECONDS_EACH = 20;
const MARKING_SECONDS = 3;
/** Starts differ: work that is not seen beside them still took longer than nothing. */
const LEAST_WORK_MS = 0.01;

export interface Figure {
  text: string;
  /** What is compared: the start of a program is taken off. */
  value: number;
  better: "more" | "less";
  /** False for what is only there to explain the others. */
  isCompared?: boolean;
  /** Of a search: how many messages were found. */
  found?: number;
}

/** By the name of the row. */
export type Figures = Map<string, Figure>;

export async function figuresOf(system: System, mail: Generated[]): Promise<Figures> {
  const delivered = await system.deliver(mail, DELIVERIES);
  const reader = await system.connect();
  await mustHaveAll(system, reader, mail.length);
  const least = await sampled(reader.least);
  const start = system.startsAProgram ? median(least) : 0;
  const figures = [
    ["delivered, durable", rate(mail.length / delivered.durable)],
    ["delivered, durable and searchable", rate(mail.length / delivered.searchable)],
    ["the least: /ping, --version, NOOP", { ...time(least, 0), isCompared: !system.startsAProgram }],
    ["inbox, newest 50", time(await sampled(reader.page), start)],
    ["open one of the newest 50", time(await sampled((n) => reader.open(n % PAGE)), start)],
    ...(await searches(reader, start)),
    ...(await marks(system, reader, start)),
    ...disk(system, mail.length),
  ] satisfies [string, Figure][];
  await reader.close();
  return new Map(figures);
}

/** A delivery that lost or doubled something was not one, and a list that is too short is fast for nothing. */
async function mustHaveAll({ name }: System, { total, page }: Reader, count: number): Promise<void> {
  if (total !== count) throw new Error(`${name} has ${total} messages of ${count}`);
  const listed = (await page())();
  if (listed !== PAGE) throw new Error(`${name} lists ${listed} messages and not ${PAGE}`);
}

async function searches(reader: Reader, start: number): Promise<[string, Figure][]> {
  const figures: [string, Figure][] = [];
  for (const name of CLASSES) {
    const q = QUERIES[name]?.q ?? "";
    const found = await reader.count(q);
    figures.push([`search: ${name}`, { ...time(await sampled(() => reader.search(q)), start), found }]);
  }
  return figures;
}

async function marks(system: System, reader: Reader, start: number): Promise<[string, Figure][]> {
  const alone = await marksASecond([reader]);
  const work = Math.max(1000 / alone - start, LEAST_WORK_MS);
  const figures: [string, Figure][] = [["mark one message read, 1 connection", rate(alone, 1000 / work)]];
  if (!system.marksSideBySide) return figures;
  const readers = await Promise.all(Array.from({ length: MARKERS }, () => system.connect()));
  figures.push([`mark one message read, ${MARKERS} connections`, rate(await marksASecond(readers))]);
  await Promise.all(readers.map((each) => each.close()));
  return figures;
}

function disk(system: System, count: number): [string, Figure][] {
  const { raw, textIndex, all } = system.disk();
  return [
    ["disk: the raw messages", size(raw / count)],
    ["disk: text index", size(textIndex / count)],
    ["disk: everything", size(all / count)],
  ];
}

/** Milliseconds of each run, the first ones left out: there caches fill and connections are made. */
async function sampled(work: (n: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  const end = performance.now() + SECONDS_EACH * 1000;
  for (let n = -10; n < SAMPLES && (samples.length === 0 || performance.now() < end); n++) {
    const began = performance.now();
    await work(n + 10);
    if (n >= 0 || performance.now() >= end) samples.push(performance.now() - began);
  }
  return samples;
}

/** Each reader marks one message after the other, the newest hundred in turn, read and unread in turn. */
async function marksASecond(readers: Reader[]): Promise<number> {
  const began = performance.now();
  let done = 0;
  const marking = async (reader: Reader) => {
    while (performance.now() - began < MARKING_SECONDS * 1000) {
      const n = done++;
      await reader.mark(n % 100, Math.floor(n / 100) % 2 === 0);
    }
  };
  await Promise.all(readers.map(marking));
  return done / ((performance.now() - began) / 1000);
}

const rate = (value: number, compared = value): Figure => ({
  text: `${value.toFixed(0)}/s`,
  value: compared,
  better: "more",
});

const time = (samples: number[], start: number): Figure => ({
  text: `${number(median(samples))} / ${number(percentile(samples, 0.95))}`,
  value: Math.max(median(samples) - start, LEAST_WORK_MS),
  better: "less",
});

const size = (bytes: number): Figure => ({ text: `${number(bytes / 1000)} kB`, value: bytes, better: "less" });

/** Three digits that say something. */
const number = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
