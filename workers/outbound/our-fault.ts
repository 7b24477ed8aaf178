import type { TriedRecipient } from "../../durable-objects/mailbox/outbox.ts";
import type { Env } from "../env.ts";

/** What breaks here is tried again, and the submission says so: its tries come to an end like all others. */
export const ourFault = ({ HOSTNAME }: Pick<Env, "HOSTNAME">, rcptTo: string[]): TriedRecipient[] =>
  rcptTo.map((address) => ({
    address,
    result: "deferred",
    status: "4.3.0", // RFC 3463 §3.4 (X.3.0)
    reply: "Something broke on our side",
    remote_mta: HOSTNAME,
  }));
