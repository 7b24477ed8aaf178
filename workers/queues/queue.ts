/** Every queue's messages come in here and go to who processes them. */
import { z } from "zod";
import { ImportJob, runImport } from "../archive/run-import.ts";
import type { Env } from "../env.ts";
import { deliverWaiting, InboundJob } from "../inbound/waiting-letters.ts";
import { consumeOutbound } from "../outbound/consume-outbound.ts";
import { DEAD_SUFFIX, INBOUND_QUEUE, keepDeadLetter, keepLastWords, OUTBOUND_QUEUE } from "./dead-letters.ts";

export async function queue(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map((message) => settle(env, batch.queue, message)));
}

type Processor = (env: Env, message: Message) => Promise<void>;

function processor(name: string): Processor {
  switch (name) {
    case INBOUND_QUEUE:
      return (env, message) => consumeInbound(env, InboundMessage.parse(message.body));
    case OUTBOUND_QUEUE:
      return (env, message) => consumeOutbound(env, message.body);
    case INBOUND_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, INBOUND_QUEUE, message);
    case OUTBOUND_QUEUE + DEAD_SUFFIX:
      return (env, message) => keepDeadLetter(env, OUTBOUND_QUEUE, message);
    default:
      throw new Error(`no consumer for the queue ${name}`);
  }
}

/** Mail on its way in: a letter that waits for its Mailbox, or a file that is being imported. */
const InboundMessage = z.union([InboundJob, ImportJob]);

const consumeInbound = (env: Env, job: z.infer<typeof InboundMessage>): Promise<void> =>
  "import" in job ? runImport(env, job) : deliverWaiting(env, job);

/** One message's failure is its own: the rest of the batch is not repeated with it. */
async function settle(env: Env, queue: string, message: Message): Promise<void> {
  try {
    await processor(queue)(env, message);
    message.ack();
  } catch (error) {
    console.error("queue message failed", { id: message.id, attempts: message.attempts, error });
    await keepLastWords(env, queue, message, error).catch((lost: unknown) => {
      console.error("the reason of a dead letter is not kept", { id: message.id, error: lost });
    });
    message.retry({ delaySeconds: Math.min(2 ** message.attempts, 3600) });
  }
}
