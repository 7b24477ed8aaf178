/**
 * Which way a message leaves: by the relay of its sender's domain, else by the deployment's. Either may be `send_email:`
 * for Cloudflare's binding, which is also what is left where nothing is set. What the binding cannot carry takes the
 * deployment's SMTP relay where there is one.
 */
import type { Connections } from "./connections.ts";
import { type Carried, type Unfit, unfitForSendEmail } from "./send-email-rules.ts";
import type { Transport } from "./transport.ts";

/** A relay URL that means the binding. */
export const SEND_EMAIL_URL = "send_email:";

export type Way =
  | { by: "smtp"; url: string }
  /** `unfit`: it will be refused, and there is no other way. */
  | { by: "send_email"; unfit: Unfit | null };

/** `domainUrl` is what the sender's domain has for itself, null where it has nothing. */
export function chooseWay(deploymentUrl: string | undefined, domainUrl: string | null, message: Carried): Way {
  const deployment = smtpUrl(deploymentUrl ?? "");
  const wanted = domainUrl === null ? deployment : smtpUrl(domainUrl);
  if (wanted !== null) return { by: "smtp", url: wanted };
  const unfit = unfitForSendEmail(message);
  return unfit !== null && deployment !== null ? { by: "smtp", url: deployment } : { by: "send_email", unfit };
}

export function chooseTransport(
  env: { RELAY_URL?: string },
  domainUrl: string | null,
  message: Carried,
  connections: Connections,
): Transport {
  const way = chooseWay(env.RELAY_URL, domainUrl, message);
  return way.by === "smtp" ? connections.smtp(way.url) : connections.sendEmail;
}

function smtpUrl(url: string): string | null {
  const text = url.trim();
  return text === "" || text === SEND_EMAIL_URL ? null : text;
}
