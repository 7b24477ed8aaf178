/** The reverse-path that a message leaves the mesh with: one that reports find their way back by, where that is possible. */
import type { Lease } from "../../durable-objects/mailbox/outbox.ts";
import { domainOf } from "../../mail/address/address.ts";
import { FORWARDER, withBounceToken } from "../../mail/address/bounce-address.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * What an alias passes on leaves with an address of the alias's domain, so that SPF (RFC 7208 §4) passes at the next hop;
 * what comes back to it goes on to who wrote the message. Reports have no token: they come from nobody. In-mesh delivery
 * keeps the plain address: its failures are told at once, and its readers see who wrote.
 */
export function reversePath(
  { mail_from, bounce_token, report_to, owner }: Pick<Lease, "mail_from" | "bounce_token" | "report_to" | "owner">,
  { keepsReversePath }: Pick<Transport, "keepsReversePath">,
): string {
  if (mail_from === "" || bounce_token === "" || !keepsReversePath) return mail_from;
  const sender = report_to === "sender" ? `${FORWARDER}@${domainOf(owner)}` : mail_from;
  return withBounceToken(sender, bounce_token) ?? mail_from;
}
