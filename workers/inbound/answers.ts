/** What the accounts behind each recipient say of a message, and the one answer that its sender gets. */
import type { RecipientOutcome, RefusalReason } from "../../contract/ingest.ts";
import { refused, smtpReply } from "./refusals.ts";

const isForNow = (reason: RefusalReason): boolean => smtpReply(reason).code < 500;

/**
 * An alias may lead to several accounts. Where one of them puts a message off, the sender comes again for it: the others
 * have the message, and know it again. Where one does not want it at all and another took it, it is not refused: its
 * sender would hear that it did not arrive.
 */
export class Answers {
  readonly #byAddress = new Map<string, (RefusalReason | null)[]>();

  /** `reason`: why an account that these addresses lead to does not take it; null where it does. */
  add(addresses: string[], reason: RefusalReason | null): void {
    for (const address of addresses) this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), reason]);
  }

  /** `one_is_enough`: the question is only whether there is somebody to take it, as it is before the bytes. */
  refusals(rule?: "one_is_enough"): RecipientOutcome[] {
    return Array.from(this.#byAddress, ([address, reasons]) => {
      const refusals = reasons.filter((reason) => reason !== null);
      const isTaken = refusals.length < reasons.length;
      const putOff = refusals.find(isForNow);
      const reason = isTaken && (rule === "one_is_enough" || !putOff) ? undefined : (putOff ?? refusals[0]);
      return reason === undefined ? [] : [refused(address, reason)];
    }).flat();
  }
}
