/**
 * What the messages of one queue batch share on their way out: SMTP sessions, and what the binding said of the account's
 * limits. Sockets belong to the invocation that opened them, so nothing outlives the batch.
 */
import { parseRelayUrl } from "./relay-url.ts";
import { sendEmailTransport } from "./send-email-transport.ts";
import { SmtpPool } from "./smtp-pool.ts";
import { smtpTransport } from "./smtp-transport.ts";
import type { Transport } from "./transport.ts";

export interface Connections {
  readonly sendEmail: Transport;
  /** The relay with this URL. */
  smtp(url: string): Transport;
}

/** Gives `work` its connections and takes leave of every server when it is done, or has thrown. */
export async function withConnections<T>(
  env: { EMAIL: SendEmail; HOSTNAME: string },
  work: (connections: Connections) => Promise<T>,
): Promise<T> {
  const pool = new SmtpPool(env.HOSTNAME);
  try {
    return await work({
      sendEmail: sendEmailTransport(env.EMAIL),
      smtp(url) {
        const relay = parseRelayUrl(url);
        return relay.ok ? smtpTransport(relay.value, pool) : waitingTransport(relay.error.message);
      },
    });
  } finally {
    await pool.close();
  }
}

/**
 * A relay URL with a mistake in it holds mail back with the reason on it (RFC 3463 §3.4, X.3.5). To send by another way
 * instead could put it on a route that the owner has ruled out, and to fail would bounce mail for a typing error.
 */
function waitingTransport(why: string): Transport {
  return {
    name: "none",
    signs: false,
    keepsReversePath: false,
    async send({ rcpt_to }) {
      return rcpt_to.map((address) => ({ address, result: "deferred", status: "4.3.5", reply: why, remote_mta: null }));
    },
  };
}
