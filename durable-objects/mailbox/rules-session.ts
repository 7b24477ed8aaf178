/** The capability to decide how mail that comes in is sorted and answered: part of an owner's session. */
import { RpcTarget } from "cloudflare:workers";
import type { Mailbox } from "./mailbox-database.ts";

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
}
