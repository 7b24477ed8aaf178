/** How far a long command has come: one line that is written over on a terminal, a line now and then elsewhere. */

/** Lines of a log that nobody watches. */
const QUIET_MS = 5_000;
const BAR_WIDTH = 24;

export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

export class Progress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #saidAt = Number.NEGATIVE_INFINITY;
  #width = 0;

  constructor(output: ProgressOutput = process.stderr, now: () => number = Date.now) {
    this.#output = output;
    this.#now = now;
  }

  /** `total` null: nobody knows how much there is. */
  show(done: number, total: number | null, what: string): void {
    if (this.#output.isTTY === true) {
      this.#overwrite(`${bar(done, total)} ${counted(done, total)} ${what}`);
    } else if (this.#now() - this.#saidAt >= QUIET_MS) {
      this.#saidAt = this.#now();
      this.#output.write(`${counted(done, total)} ${what}\n`);
    }
  }

  /** Takes the line away: the result is printed in its place. */
  end(): void {
    if (this.#width > 0) this.#overwrite("");
  }

  #overwrite(line: string): void {
    this.#output.write(`\r${line.padEnd(this.#width)}${line === "" ? "\r" : ""}`);
    this.#width = line.length;
  }
}

function bar(done: number, total: number | null): string {
  if (total === null) return "…";
  const filled = total === 0 ? BAR_WIDTH : Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  return `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}]`;
}

const counted = (done: number, total: number | null): string => (total === null ? `${done}` : `${done} of ${total}`);
