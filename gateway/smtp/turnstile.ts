/**
 * A few requests to the mesh at once for each recipient, a few more that wait for their turn, and no others: a flood to
 * one account stands in its own queue, and the mail of others goes past it.
 */
interface Lane {
  running: number;
  waiting: (() => void)[];
}

/** There is no room in the lane any more. */
export class LaneFull extends Error {}

export class Turnstile {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  /** Only those in which something runs, so there are no more than connections. */
  readonly #lanes = new Map<string, Lane>();

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** How many lanes there are. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Does the work when it is its turn. Throws `LaneFull` at once where too many wait. */
  async pass<T>(key: string, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.#atOnce) lane.running++;
    else if (lane.waiting.length < this.#maxWaiting) await new Promise<void>((go) => lane.waiting.push(go));
    else throw new LaneFull("too many wait already");
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place, so that nobody gets in between.
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.running === 0) this.#lanes.delete(key);
    }
  }
}
