/** Why an archive, or something in it, cannot be read. Data is never trusted to be what its name says. */

export type UnreadableReason =
  | "not_an_archive"
  | "damaged"
  | "cut_short"
  | "encrypted"
  | "unknown_compression"
  | "inflates_too_much"
  | "too_large"
  | "not_a_message"
  | "deleted"
  | "not_storable";

/** The whole archive, or the entry that is being read, gives no more. */
export class ArchiveError extends Error {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, detail: string) {
    super(detail);
    this.name = "ArchiveError";
    this.reason = reason;
  }
}
