/** How long each step of a conversation may take, in milliseconds. */

export interface SmtpTimeouts {
  /** The TCP connection, and each TLS handshake. */
  connect: number;
  greeting: number;
  /** EHLO, HELO, STARTTLS, AUTH, RSET. */
  command: number;
  mail: number;
  rcpt: number;
  /** The 354 after DATA. */
  data: number;
  /** One write of the message, about 64 KiB. */
  block: number;
  /** The final reply, after the last dot. */
  end_of_data: number;
  /** QUIT is a courtesy: the results are there already. */
  quit: number;
  /** Everything together, from the connection to the last dot of the last transaction. What is not begun by then waits. */
  hand_over: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * RFC 5321 §4.5.3.2, relaxed: it asks for 5 minutes at the greeting, MAIL and RCPT. A queue consumer lives 15 minutes, and
 * what it does not finish is sent again by the next one, so `hand_over` and `end_of_data` together stay below 14. Of the
 * two the final reply gets its full 10 minutes (§4.5.3.2.6): to hang up early there is what makes duplicates (RFC 1047),
 * while a relay that cannot greet within a minute can be tried again for free.
 */
export const DEFAULT_SMTP_TIMEOUTS: SmtpTimeouts = {
  connect: 30 * SECOND,
  greeting: MINUTE,
  command: MINUTE,
  mail: MINUTE,
  rcpt: MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  end_of_data: 10 * MINUTE,
  quit: 5 * SECOND,
  hand_over: 230 * SECOND,
};
