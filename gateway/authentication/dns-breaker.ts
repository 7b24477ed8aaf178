/**
 * A laptop without a network must take mail as fast as any other machine: when the DNS servers cannot be reached, nobody
 * asks them for a while. A failed look-up alone says nothing of the servers, since whoever sends mail chooses the names,
 * and a name whose own servers are silent must not switch authentication off for everybody. So after one the root is
 * asked for, which every server that works can answer at once.
 */

export interface BreakerOptions {
  /** Resolves when the servers answered, whatever they said, and rejects when they did not. */
  probe: () => Promise<void>;
  now?: () => number;
  /** For how long nobody asks servers that did not answer, and for how long an answer is good. */
  openMilliseconds?: number;
  goodMilliseconds?: number;
}

export class DnsBreaker {
  readonly #options: Required<BreakerOptions>;
  #isOpen = false;
  #probedAt = Number.NEGATIVE_INFINITY;
  #probing: Promise<void> | undefined;

  constructor(options: BreakerOptions) {
    this.#options = { now: Date.now, openMilliseconds: 30_000, goodMilliseconds: 5_000, ...options };
  }

  /** Whether the servers may be asked. Only the very first probe is waited for. */
  async mayAsk(): Promise<boolean> {
    if (this.#probedAt === Number.NEGATIVE_INFINITY) await this.#probe();
    else if (this.#isOpen && this.#isOlderThan(this.#options.openMilliseconds)) void this.#probe();
    return !this.#isOpen;
  }

  /** A look-up had no answer: does the name have none, or do the servers not answer? */
  async failed(): Promise<void> {
    if (this.#probing !== undefined || this.#isOlderThan(this.#options.goodMilliseconds)) await this.#probe();
  }

  #isOlderThan(milliseconds: number): boolean {
    return this.#options.now() - this.#probedAt >= milliseconds;
  }

  #probe(): Promise<void> {
    this.#probing ??= this.#probeOnce();
    return this.#probing;
  }

  async #probeOnce(): Promise<void> {
    try {
      await this.#options.probe();
      this.#isOpen = false;
    } catch {
      this.#isOpen = true;
    }
    this.#probedAt = this.#options.now();
    this.#probing = undefined;
  }
}
