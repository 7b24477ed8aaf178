/**
 * The capability over what an account is logged in to with: part of an owner's session, and of no app token's. A program
 * that was lent the mailbox could otherwise keep it.
 */
import { RpcTarget } from "cloudflare:workers";
import type { ChangedResource } from "../../contract/changes.ts";
import type { AppToken, CreateAppToken, NewAppToken, OpenSession } from "../../contract/sessions.ts";
import { recordResource } from "./change-log.ts";
import { createToken, endLogin, endOtherSessions, listSessions, listTokens } from "./credentials.ts";
import { isPassword, newSecret, type PasswordRecord, passwordSalt, setPassword } from "./login.ts";
import type { Mailbox } from "./mailbox-database.ts";

/** What the object does around a call that changes something. */
interface CredentialsHost {
  /** Tells live clients what to read anew. */
  changeResource<T>(resource: ChangedResource, work: () => T): T;
  /** Ends what is connected by a secret. */
  disconnect(secretHash: string): void;
}

export class CredentialsSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #current: string;
  readonly #host: CredentialsHost;

  /** `current`: the hash of the secret that asks. */
  constructor(box: Mailbox, current: string, host: CredentialsHost) {
    super();
    this.#box = box;
    this.#current = current;
    this.#host = host;
  }

  listSessions(): OpenSession[] {
    return listSessions(this.#box, this.#current, Date.now());
  }

  /** True: it was the one that asks. */
  endSession(id: string): boolean {
    const ended = this.#host.changeResource("sessions", () => endLogin(this.#box.db, "session", id));
    this.#host.disconnect(ended);
    return ended === this.#current;
  }

  endOtherSessions(): void {
    const ended = this.#host.changeResource("sessions", () => endOtherSessions(this.#box.db, this.#current));
    ended.forEach(this.#host.disconnect);
  }

  listTokens(): AppToken[] {
    return listTokens(this.#box, Date.now());
  }

  async createToken(wanted: CreateAppToken): Promise<NewAppToken> {
    const secret = await newSecret();
    return this.#host.changeResource("tokens", () => createToken(this.#box, wanted, secret, Date.now()));
  }

  deleteToken(id: string): void {
    this.#host.disconnect(this.#host.changeResource("tokens", () => endLogin(this.#box.db, "token", id)));
  }

  /** Whose password it is, and what the present one is tried with. */
  passwordOwner(): { email: string; salt: string } {
    return { email: this.#box.email, salt: passwordSalt(this.#box.db) };
  }

  /** False: `presentHash` is not the present password's, and nothing changed. */
  changePassword(presentHash: string, password: PasswordRecord): boolean {
    if (!isPassword(this.#box.db, presentHash)) return false;
    const ended = this.#host.changeResource("sessions", () => {
      recordResource(this.#box.db, "tokens");
      return setPassword(this.#box.db, password, this.#current);
    });
    ended.forEach(this.#host.disconnect);
    return true;
  }
}
