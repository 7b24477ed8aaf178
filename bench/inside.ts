/** Measuring inside an object, where the clock has a resolution of a millisecond. */
import { percentile } from "./measure.ts";

const SAMPLES = 15;
const SAMPLE_MS = 8;
const MOST_RUNS = 400;

/** Milliseconds of one run: each sample is the mean of as many runs as fill some milliseconds. */
export function timed(work: (n: number) => unknown): { p50: number; p95: number } {
  let n = 0;
  work(n++);
  const samples: number[] = [];
  while (samples.length < SAMPLES && n < MOST_RUNS * SAMPLES) {
    let runs = 0;
    const began = performance.now();
    do {
      work(n++);
      runs++;
    } while (performance.now() - began < SAMPLE_MS && runs < MOST_RUNS);
    samples.push((performance.now() - began) / runs);
  }
  return { p50: percentile(samples, 0.5), p95: percentile(samples, 0.95) };
}

/** The same for what can be done once with each: a sample is twenty of them. */
export function timedEach<T>(all: T[], work: (one: T) => unknown): { p50: number; p95: number } {
  const samples: number[] = [];
  for (let from = 0; from + 20 <= all.length; from += 20) {
    const began = performance.now();
    for (const one of all.slice(from, from + 20)) work(one);
    samples.push((performance.now() - began) / 20);
  }
  return { p50: percentile(samples, 0.5), p95: percentile(samples, 0.95) };
}

export interface Rows {
  read: number;
  written: number;
}

/** The rows that some work reads and writes, as the platform counts them. */
export function counted(sql: SqlStorage, work: () => unknown): Rows {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const exec = sql.exec.bind(sql);
  Object.defineProperty(sql, "exec", {
    configurable: true,
    value: (...statement: Parameters<typeof exec>) => {
      const cursor = exec(...statement);
      cursors.push(cursor);
      return cursor;
    },
  });
  try {
    work();
  } finally {
    Reflect.deleteProperty(sql, "exec");
  }
  const sum = (key: "rowsRead" | "rowsWritten") => cursors.reduce((total, cursor) => total + cursor[key], 0);
  return { read: sum("rowsRead"), written: sum("rowsWritten") };
}

export function meanOf(all: Rows[]): Rows {
  const mean = (key: keyof Rows) => all.reduce((sum, rows) => sum + rows[key], 0) / all.length;
  return { read: mean("read"), written: mean("written") };
}
