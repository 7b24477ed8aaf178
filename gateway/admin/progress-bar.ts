/** How far something is: a bar that moves on a terminal, a line now and then in a log. Always on standard error. */

const WIDTH = 30;
/** So often at most on a terminal, and in a log. */
const REDRAW_MS = 100;
const LINE_MS = 10_000;

type Output = Pick<NodeJS.WriteStream, "isTTY" | "columns"> & { write(text: string): unknown };

export class ProgressBar {
  readonly #label: string;
  readonly #out: Output;
  #shownAt = 0;
  #isDrawn = false;

  constructor(label: string, out: Output = process.stderr) {
    this.#label = label;
    this.#out = out;
    if (!out.isTTY) this.#shownAt = Date.now();
  }

  /** Without a total there is no bar, only what was done. */
  show(done: number, total: number | null, text: string): void {
    const now = Date.now();
    if (now - this.#shownAt < (this.#out.isTTY ? REDRAW_MS : LINE_MS)) return;
    this.#shownAt = now;
    const line = `${this.#label} ${total === null ? "" : `${bar(done, total)} `}${text}`;
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${line.slice(0, Math.max(20, this.#out.columns - 1))}`);
    else this.#out.write(`${line}\n`);
    this.#isDrawn = true;
  }

  /** The bar has done its work and leaves the line to what is said next. */
  clear(): void {
    if (this.#out.isTTY && this.#isDrawn) this.#out.write("\r\u001b[K");
    this.#isDrawn = false;
  }
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * WIDTH);
  return `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)}%`;
}

/** `12.3 MB`, or `31 kB` of what would be no megabyte. */
export function shownSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
