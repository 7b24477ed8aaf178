/** The reverse-path that a message leaves the mesh with: one that reports find their way back by, where that is possible. */
import type { Lease } from "../../durable-objects/mailbox/outbox.ts";
import { withBounceToken } from "../../mail/address/bounce-address.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * Reports and forwards have no token: the former come from nobody, the latter from their own senders. In-mesh delivery
 * keeps the plain address: its failures are told at once, and its readers see who wrote.
 */
export function reversePath(
  { mail_from, bounce_token }: Pick<Lease, "mail_from" | "bounce_token">,
  { keepsReversePath }: Pick<Transport, "keepsReversePath">,
): string {
  if (mail_from === "" || bounce_token === "" || !keepsReversePath) return mail_from;
  return withBounceToken(mail_from, bounce_token) ?? mail_from;
}
