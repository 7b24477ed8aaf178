/** An error while a script runs (RFC 5228 §2.10.6): caught where the run began, where it becomes a value. */
export class SieveFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SieveFailure";
  }
}
