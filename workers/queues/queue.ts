/** Every queue's messages come in here and go to who processes them. */
import { z } from "zod";
import { FollowUpJob } from "../../contract/follow-ups.ts";
import { OutboundJob, StopNoticeJob } from "../../contract/submissions.ts";
import { ImportJob, runImport } from "../archive/run-import.ts";
import type { Env } from "../env.ts";
import { deliverWaiting, InboundJob } from "../inbound/waiting-letters.ts";
import { consumeOutbound } from "../outbound/consume-outbound.ts";
import { consumeDeliveryEvent } from "../outbound/delivery-events.ts";
import { sendFollowUp } from "../outbound/follow-up.ts";
import { inParallel } from "../outbound/in-parallel.ts";
import { tellStop } from "../outbound/tell-stop.ts";
import { type Connections, withConnections } from "../outbound/transport/connections.ts";
import {
  DEAD_SUFFIX,
  EMAIL_EVENTS_QUEUE,
  INBOUND_QUEUE,
  keepDeadLetter,
  keepLastWords,
  OUTBOUND_BULK_QUEUE,
  OUTBOUND_QUEUE,
} from "./dead-letters.ts";

/**
 * Messages of an outbound queue that are worked on at once. Each holds a whole message in memory, up to 25 MiB, and the
 * platform gives 128 MB for all; there are no more connections for them either.
 */
const SUBMISSIONS_AT_ONCE = 4;

export async function queue(batch: MessageBatch, env: Env): Promise<void> {
  if (batch.queue === OUTBOUND_QUEUE || batch.queue === OUTBOUND_BULK_QUEUE) return sendBatch(batch, env);
  const process = processor(batch.queue);
  await Promise.all(batch.messages.map((message) => settle(env, batch.queue, message, () => process(env, message))));
}

/** The messages of a batch share the connections they leave by. */
const sendBatch = (batch: MessageBatch, env: Env): Promise<void> =>
  withConnections(env, async (connections) => {
    await inParallel(SUBMISSIONS_AT_ONCE, batch.messages, (message) =>
      settle(env, batch.queue, message, () => consumeOutgoing(env, OutboundMessage.parse(message.body), connections)),
    );
  });

type Processor = (env: Env, message: Message) => Promise<void>;

function processor(name: string): Processor {
  switch (name) {
    case INBOUND_QUEUE:
      return (env, message) => consumeInbound(env, InboundMessage.parse(message.body));
    case INBOUND_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, INBOUND_QUEUE, message);
    case EMAIL_EVENTS_QUEUE:
      return (env, message) => consumeDeliveryEvent(env, message.body);
    case EMAIL_EVENTS_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, EMAIL_EVENTS_QUEUE, message);
    case OUTBOUND_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, OUTBOUND_QUEUE, message);
    case OUTBOUND_BULK_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, OUTBOUND_BULK_QUEUE, message);
    default:
      throw new Error(`no consumer for the queue ${name}`);
  }
}

/** Mail on its way in: a letter that waits for its Mailbox, or a file that is being imported. */
const InboundMessage = z.union([InboundJob, ImportJob]);

const consumeInbound = (env: Env, job: z.infer<typeof InboundMessage>): Promise<void> =>
  "import" in job ? runImport(env, job) : deliverWaiting(env, job);

/** Mail on its way out, what a delivery makes leave, or a letter to an owner whose mail may not leave. */
const OutboundMessage = z.union([OutboundJob, FollowUpJob, StopNoticeJob]);

function consumeOutgoing(env: Env, job: z.infer<typeof OutboundMessage>, connections: Connections): Promise<void> {
  if ("stop_notice" in job) return tellStop(env, job);
  return "follow_up" in job ? sendFollowUp(env, job) : consumeOutbound(env, job, connections);
}

/** One message's failure is its own: the rest of the batch is not repeated with it. */
async function settle(env: Env, queue: string, message: Message, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    console.error("queue message failed", { id: message.id, attempts: message.attempts, error });
    await keepLastWords(env, queue, message, error).catch((lost: unknown) => {
      console.error("the reason of a dead letter is not kept", { id: message.id, error: lost });
    });
    message.retry({ delaySeconds: Math.min(2 ** message.attempts, 3600) });
  }
}
