/**
 * The SMTP sessions of one queue batch. A session that ended its transaction well is given to the next message for the
 * same relay, so that the connection, TLS and the login are paid for once and not with each message.
 *
 * A batch has four connections, whatever relays they go to: the platform lets six be open at once, and R2 and the queue
 * need theirs. Who finds all of them in use waits; an idle one to another relay makes room. The whole batch has the time
 * that one message had before (`hand_over`), since the consumer's own time is not longer for having more to do.
 */
import type { Relay } from "./relay-url.ts";
import { SmtpInterruption } from "./smtp-interruption.ts";
import { leave, openSession, type SmtpSession } from "./smtp-session.ts";
import { DEFAULT_SMTP_TIMEOUTS, type SmtpTimeouts } from "./smtp-timeouts.ts";
import { within } from "./time-limit.ts";

export const MAX_CONNECTIONS = 4;

export interface PooledSession {
  session: SmtpSession;
  /** It carried a message before. What its server did meanwhile, such as closing it, is no answer to the next one. */
  isReused: boolean;
}

interface Idle {
  relay: string;
  session: SmtpSession;
}

export class SmtpPool {
  readonly #clientName: string;
  readonly #timeouts: SmtpTimeouts;
  readonly #handOverBy: number;
  readonly #idle: Idle[] = [];
  /** Sessions that are open or being opened, idle ones too. */
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  /** `clientName` is what EHLO says (RFC 5321 §4.1.1.1): the name of this mesh. */
  constructor(clientName: string, timeouts: Partial<SmtpTimeouts> = {}) {
    this.#clientName = usableName(clientName);
    this.#timeouts = { ...DEFAULT_SMTP_TIMEOUTS, ...timeouts };
    this.#handOverBy = Date.now() + this.#timeouts.hand_over;
  }

  /** A session that is ready for MAIL, or an SmtpInterruption. `isNew` asks for one that nobody used before. */
  async take(relay: Relay, { isNew }: { isNew: boolean }): Promise<PooledSession> {
    const key = JSON.stringify(relay);
    for (;;) {
      if (this.#handOverBy <= Date.now()) throw noTimeLeft();
      const idle = isNew ? null : await this.#takeIdle(key);
      if (idle !== null) return { session: idle, isReused: true };
      if (this.#count < MAX_CONNECTIONS) return { session: await this.#open(relay), isReused: false };
      const other = this.#idle.shift();
      if (other === undefined) await this.#somethingComesFree();
      else await this.#retire(other.session);
    }
  }

  /** After a transaction that ended well: the server waits for the next command. */
  giveBack(relay: Relay, session: SmtpSession): void {
    this.#idle.push({ relay: JSON.stringify(relay), session });
    this.#wakeOne();
  }

  /** After anything else. */
  async discard(session: SmtpSession, error: unknown): Promise<void> {
    await leave(session.connection, error);
    this.#makeRoom();
  }

  /** Takes leave of every server. Whoever has a session must have given it back. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ session }) => this.#retire(session)));
  }

  async #takeIdle(relay: string): Promise<SmtpSession | null> {
    for (;;) {
      const at = this.#idle.findLastIndex((idle) => idle.relay === relay);
      const found = at < 0 ? undefined : this.#idle.splice(at, 1)[0];
      if (found === undefined) return null;
      const { connection } = found.session;
      await connection.listen();
      if (!connection.hasUnread && !connection.hasEnded) return found.session;
      // It has hung up, or said that it will (421, RFC 5321 §3.8).
      connection.abandon();
      this.#makeRoom();
    }
  }

  async #open(relay: Relay): Promise<SmtpSession> {
    this.#count += 1;
    try {
      const hand_over = this.#handOverBy - Date.now();
      return await openSession(relay, this.#clientName, { ...this.#timeouts, hand_over });
    } catch (error) {
      this.#makeRoom();
      throw error;
    }
  }

  async #retire(session: SmtpSession): Promise<void> {
    await session.connection.quit();
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#count -= 1;
    this.#wakeOne();
  }

  #wakeOne(): void {
    this.#waiting.shift()?.();
  }

  async #somethingComesFree(): Promise<void> {
    const freed = new Promise<void>((resolve) => this.#waiting.push(resolve));
    await within(this.#handOverBy - Date.now(), freed, noTimeLeft);
  }
}

/** RFC 3463 §3.5, X.4.5 */
const noTimeLeft = () => new SmtpInterruption("4.4.5", "no time left in this run");

/** RFC 5321 §4.1.4: a name that is no domain is refused by many; so is one that is a command of its own. */
function usableName(name: string): string {
  return /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) ? name : "mailmesh.invalid";
}
