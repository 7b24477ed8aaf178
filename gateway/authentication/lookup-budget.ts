/** How long one message may wait for the DNS, and how often it may ask. What it waits for otherwise does not count. */

/** SPF alone may ask for 10 names with 10 hosts each (RFC 7208 §4.6.4). A message that needs more wants to do harm. */
const MAX_LOOKUPS = 150;

export class LookupBudget {
  #left: number;
  #lookups = 0;
  #open = 0;
  #waitsSince = 0;

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  async wait<T>(lookUp: () => Promise<T>): Promise<T> {
    if (this.#left <= 0 || ++this.#lookups > MAX_LOOKUPS) throw noAnswer();
    // Several at once wait for one time.
    if (this.#open++ === 0) this.#waitsSince = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        // Timers may come a little early. Late is late for the next look-up too.
        this.#left = 0;
        reject(noAnswer());
      }, this.#left);
    });
    try {
      return await Promise.race([late, lookUp()]);
    } finally {
      clearTimeout(timer);
      if (--this.#open === 0) this.#left -= performance.now() - this.#waitsSince;
    }
  }
}

export const noAnswer = (): Error => Object.assign(new Error("no answer from the DNS in time"), { code: "ETIMEOUT" });
