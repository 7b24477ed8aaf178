/** The capability to decide how mail that comes in is sorted and answered: part of an owner's session. */
import { RpcTarget } from "cloudflare:workers";
import type {
  ListSenderTreatments,
  SenderTreatment,
  SenderTreatmentPage,
  Treatment,
} from "../../contract/sender-treatments.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { listTreatments, treatSender, untreatSender } from "./sender-treatments.ts";

export class RulesSession extends RpcTarget {
  readonly #box: Mailbox;

  constructor(box: Mailbox) {
    super();
    this.#box = box;
  }

  /** Whose mailbox it is: which addresses are its own is for its domain to say. */
  owner(): { user_id: string; email: string } {
    const { user_id, email } = this.#box;
    return { user_id, email };
  }

  listTreatments(treatment: Treatment, page: ListSenderTreatments): SenderTreatmentPage {
    return listTreatments(this.#box, treatment, page);
  }

  treatSender(treatment: Treatment, sender: string): SenderTreatment {
    return treatSender(this.#box, treatment, sender, Date.now());
  }

  untreatSender(treatment: Treatment, sender: string): void {
    untreatSender(this.#box, treatment, sender);
  }
}
