/**
 * The capability over what an account is logged in to with: part of an owner's session, and of no app token's. A program
 * that was lent the mailbox could otherwise keep it.
 */
import { RpcTarget } from "cloudflare:workers";
import type { AppToken, CreateAppToken, NewAppToken, OpenSession } from "../../contract/sessions.ts";
import { createToken, endLogin, endOtherSessions, listSessions, listTokens } from "./credentials.ts";
import { isPassword, newSecret, type PasswordRecord, passwordSalt, setPassword } from "./login.ts";
import type { Mailbox } from "./mailbox-database.ts";

export class CredentialsSession extends RpcTarget {
  readonly #box: Mailbox;
  readonly #current: string;
  readonly #disconnect: (secretHash: string) => void;

  /** `current`: the hash of the secret that asks. `disconnect` ends what is connected by another one. */
  constructor(box: Mailbox, current: string, disconnect: (secretHash: string) => void) {
    super();
    this.#box = box;
    this.#current = current;
    this.#disconnect = disconnect;
  }

  listSessions(): OpenSession[] {
    return listSessions(this.#box, this.#current, Date.now());
  }

  /** True: it was the one that asks. */
  endSession(id: string): boolean {
    const ended = endLogin(this.#box.db, "session", id);
    this.#disconnect(ended);
    return ended === this.#current;
  }

  endOtherSessions(): void {
    endOtherSessions(this.#box.db, this.#current).forEach(this.#disconnect);
  }

  listTokens(): AppToken[] {
    return listTokens(this.#box, Date.now());
  }

  async createToken(wanted: CreateAppToken): Promise<NewAppToken> {
    return createToken(this.#box, wanted, await newSecret(), Date.now());
  }

  deleteToken(id: string): void {
    this.#disconnect(endLogin(this.#box.db, "token", id));
  }

  /** Whose password it is, and what the present one is tried with. */
  passwordOwner(): { email: string; salt: string } {
    return { email: this.#box.email, salt: passwordSalt(this.#box.db) };
  }

  /** False: `presentHash` is not the present password's, and nothing changed. */
  changePassword(presentHash: string, password: PasswordRecord): boolean {
    if (!isPassword(this.#box.db, presentHash)) return false;
    setPassword(this.#box.db, password, this.#current).forEach(this.#disconnect);
    return true;
  }
}
