/** Which way mail leaves this deployment: the relay that RELAY_URL names, or else Cloudflare's binding. */
import { parseRelayUrl } from "./relay-url.ts";
import { sendEmailTransport } from "./send-email-transport.ts";
import { smtpTransport } from "./smtp-transport.ts";
import type { Transport } from "./transport.ts";

export interface TransportEnv {
  RELAY_URL?: string;
  EMAIL: SendEmail;
  HOSTNAME: string;
}

export function chooseTransport(env: TransportEnv): Transport {
  const url = env.RELAY_URL?.trim() ?? "";
  if (url === "") return sendEmailTransport(env.EMAIL);
  const relay = parseRelayUrl(url);
  if (relay.ok) return smtpTransport({ relay: relay.value, clientName: env.HOSTNAME });
  return waitingTransport(relay.error.message);
}

/**
 * A RELAY_URL with a mistake in it holds mail back with the reason on it (RFC 3463 §3.4, X.3.5). To send by the other way
 * instead could put it on a route that the owner has ruled out, and to fail would bounce mail for a typing error.
 */
function waitingTransport(why: string): Transport {
  return {
    name: "none",
    keepsReversePath: false,
    async send({ rcpt_to }) {
      return rcpt_to.map((address) => ({ address, result: "deferred", status: "4.3.5", reply: why, remote_mta: null }));
    },
  };
}
