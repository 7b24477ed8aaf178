/**
 * Delivery events of Cloudflare's Email Sending (contract/delivery-events.ts), from their own queue to the submission.
 * The platform tries what it deferred by itself, so nothing is sent again for any of them. They may come twice, and in
 * any order: a final state does not go back.
 */
import { DeliveryEvent } from "../../contract/delivery-events.ts";
import type { CountedResult } from "../../contract/operator.ts";
import type { LaterOutcome } from "../../durable-objects/mailbox/later-outcomes.ts";
import type { Env } from "../env.ts";
import { destinationOf } from "./destination-name.ts";
import { countResult } from "./destinations.ts";
import { accountOf } from "./own-address.ts";
import { oneLine } from "./transport/transport.ts";

/** For so long an event whose message is not known may only be quicker than the report of the consumer that sent it. */
const EARLY_FOR_MS = 10 * 60_000;

/** Throws for an event that is to come again. What is no event, or nobody's here, is logged and done with. */
export async function consumeDeliveryEvent(env: Env, queued: unknown): Promise<void> {
  const parsed = DeliveryEvent.safeParse(queued);
  if (!parsed.success) {
    console.warn("not a delivery event that is known", { error: parsed.error.message });
    return;
  }
  const { type, payload, metadata } = parsed.data;
  const { messageId: transport_id, sender, recipient: email } = payload;
  const userId = await accountOf(env, sender);
  const taken =
    userId === null
      ? "unknown"
      : await env.MAILBOX.getByName(userId).takeEvent({ transport_id, email, said: laterOutcome(parsed.data) });
  if (taken === "changed") await countResult(env, destinationOf(email), COUNTED_AS[type], 1);
  if (taken !== "unknown") return;
  // What aliases pass on has strangers for senders.
  const isEarly = userId !== null && Date.now() - Date.parse(metadata.eventTimestamp) < EARLY_FOR_MS;
  if (isEarly) throw new Error(`no message is known as ${transport_id} yet`);
  console.warn("delivery event of nobody's message", { type, transport_id, sender });
}

const ACTIONS = {
  delivered: "delivered",
  deferred: "delayed",
  bounced: "failed",
  failed: "failed",
  rejected: "failed",
  complained: "complained",
} as const satisfies Record<DeliveryEvent["type"], LaterOutcome["action"]>;

function laterOutcome({ type, payload }: DeliveryEvent): LaterOutcome {
  const { delivery, bounce, failure, rejection } = payload;
  const words = delivery.smtpResponse ?? bounce?.reason ?? rejection?.detail ?? rejection?.reason ?? failure?.reason;
  return {
    action: ACTIONS[type],
    status: /^[245]\.\d{1,3}\.\d{1,3}$/.exec(delivery.smtpEnhancedStatusCode ?? "")?.[0] ?? otherwise(type),
    diagnostic: words === undefined ? null : oneLine(words),
    remote_mta: null,
  };
}

/** RFC 3463: what the platform decided by itself has no code of another server. */
function otherwise(type: DeliveryEvent["type"]): string | null {
  if (type === "rejected") return "5.7.1";
  return type === "failed" || type === "bounced" ? "5.0.0" : null;
}

const COUNTED_AS = {
  delivered: "delivered",
  deferred: "deferred",
  bounced: "bounced",
  failed: "failed",
  rejected: "failed",
  complained: "complained",
} as const satisfies Record<DeliveryEvent["type"], CountedResult>;
