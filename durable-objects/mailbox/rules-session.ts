/** The capability to decide how mail that comes in is sorted and answered: part of an owner's session. */
import { RpcTarget } from "cloudflare:workers";
import { recordUnsubscribed, type UnsubscribeMail, type WantedUnsubscribe, wantedUnsubscribe } from "./leave-list.ts";
import type { Mailbox } from "./mailbox-database.ts";

/** What the object does around a call that changes something: it tells live clients, and sets the alarm. */
interface RulesHost {
  change<T>(work: () => T): T;
}

export class RulesSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #host: RulesHost;

  constructor(box: Mailbox, host: RulesHost) {
    super();
    this.#box = box;
    this.#host = host;
  }

  /** Whose mailbox it is: which addresses are its own is for its domain to say. */
  owner(): { user_id: string; email: string } {
    const { user_id, email } = this.#box;
    return { user_id, email };
  }

  wantedUnsubscribe(id: string): WantedUnsubscribe {
    return wantedUnsubscribe(this.#box, id);
  }

  /** `mail`: what leaves for it, where it is done by mail. Null where it was done before. */
  recordUnsubscribed(id: string, mail: UnsubscribeMail | null): { submission_id: string | null } | null {
    return this.#host.change(() => recordUnsubscribed(this.#box, id, mail, Date.now()));
  }
}
