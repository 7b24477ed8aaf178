/**
 * Keeps each of many to a pace: so many at once, and so many a minute for long. Without a clock and without timers, so
 * that an object which has one may sleep.
 *
 * It is the generic cell rate algorithm: of each key one number is kept, the moment at which all of its burst is there
 * again. The number of keys is bounded; beyond it the one that was counted longest ago is forgotten, which only lets
 * that one have its burst again.
 */
export interface Rate {
  per_minute: number;
  /** How many at once after a quiet time. */
  burst: number;
}

const MINUTE_MS = 60_000;

export class Pace {
  readonly #interval: number;
  readonly #burst: number;
  readonly #maxKeys: number;
  /** In the order in which they were last counted. */
  readonly #fullAt = new Map<string, number>();

  constructor({ per_minute, burst }: Rate, maxKeys = 10_000) {
    this.#interval = MINUTE_MS / per_minute;
    this.#burst = burst;
    this.#maxKeys = maxKeys;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Whether one more fits now. Counts nothing. */
  fits(key: string, now: number): boolean {
    return this.#after(key, now) - now <= this.#burst * this.#interval;
  }

  count(key: string, now: number): void {
    // A clock that was set back must not lock anybody out.
    const fullAt = Math.min(this.#after(key, now), now + this.#burst * this.#interval);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > this.#maxKeys) for (const [oldest] of this.#fullAt) return void this.#fullAt.delete(oldest);
  }

  #after(key: string, now: number): number {
    return Math.max(this.#fullAt.get(key) ?? 0, now) + this.#interval;
  }
}
