import { type Reply, wordsOf } from "./smtp-replies.ts";
import { oneLine } from "./transport.ts";

/**
 * Ends a conversation: nothing more can be sent over this connection. It is thrown by whatever notices it and caught in
 * one place (smtp-transport.ts and, where a message is under way, smtp-transaction.ts); it never leaves this folder.
 * Its status is always of class 4: what was not handed over yet may go another time.
 */
export class SmtpInterruption extends Error {
  readonly status: string;
  /** The peer is waiting for a command, so that QUIT can still be said. */
  readonly inStep: boolean;

  constructor(status: string, words: string, inStep = false) {
    super(oneLine(words));
    this.status = status;
    this.inStep = inStep;
  }
}

/**
 * The relay refuses to talk to us at all: at the greeting, EHLO, STARTTLS or AUTH, or by asking for a login. A 5xx there
 * is about this mesh's settings, not about the message: nobody's mail bounces because a relay password is wrong. It waits
 * with the relay's own words on it, so that it leaves by itself once the setting is mended.
 */
export function refusedByRelay(reply: Reply): SmtpInterruption {
  return new SmtpInterruption(`4${reply.status.slice(1)}`, wordsOf(reply), reply.code !== 421);
}

/** RFC 4954 §6, RFC 3207 §4: log in first, log in otherwise, log in over TLS. Whatever the command, it is about settings. */
export function asksForLogin(reply: Reply): boolean {
  return [530, 534, 535, 538].includes(reply.code);
}
