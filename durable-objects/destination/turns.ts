/**
 * Who waits for a slot, in the order in which they came. In memory: an object that ends forgets them, and their calls end
 * with it.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Until it is this one's turn, or so many milliseconds have gone by. */
  next(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        const at = this.#waiting.indexOf(go);
        if (at !== -1) this.#waiting.splice(at, 1);
        resolve();
      };
      const timer = setTimeout(go, milliseconds);
      this.#waiting.push(go);
    });
  }

  wake(howMany: number): void {
    for (const go of this.#waiting.slice(0, Math.max(0, howMany))) go();
  }
}
