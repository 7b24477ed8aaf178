/** One wish to stop, from whichever side it comes first: a signal, npm's end, or the loss of the runtime. */

export interface StopReason {
  exitCode: number;
  line?: string;
}

export class StopRequest {
  readonly requested: Promise<StopReason>;
  #resolve: (reason: StopReason) => void = () => undefined;
  #isRequested = false;

  constructor() {
    this.requested = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  stop(reason: StopReason): void {
    this.#isRequested = true;
    this.#resolve(reason);
  }

  /** Ctrl-C under npm arrives twice, from the terminal and from npm: a further signal changes nothing. */
  listenForSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => this.stop({ exitCode: 0 }));
  }
}
