/**
 * Queue messages that could not be processed after all tries. They are kept in R2, where an operator sees them, sends
 * them again or drops them. The mail itself is safe in any case: submissions stay due in their Mailbox, and letters
 * that wait for one have their note in R2.
 */
import { z } from "zod";
import type { DeadLetter } from "../../contract/admin.ts";
import { notFound } from "../../contract/failure.ts";
import { DEAD_PREFIX, deadKey } from "../../contract/r2-keys.ts";
import { sha256Hex } from "../../mail/fingerprint.ts";
import type { Env } from "../env.ts";

export const INBOUND_QUEUE = "mailmesh-inbound";
export const OUTBOUND_QUEUE = "mailmesh-outbound";
export const OUTBOUND_BULK_QUEUE = "mailmesh-outbound-bulk";
/** Filled by Cloudflare: see docs/deploy.md. */
export const EMAIL_EVENTS_QUEUE = "mailmesh-email-events";
export const DEAD_SUFFIX = "-dead";

/** How often a message is tried after the first time: `max_retries` in wrangler.toml, which a test compares. */
export const MAX_RETRIES: Record<string, number> = {
  [INBOUND_QUEUE]: 20,
  [OUTBOUND_QUEUE]: 5,
  [OUTBOUND_BULK_QUEUE]: 5,
  [EMAIL_EVENTS_QUEUE]: 10,
};

const StoredDeadLetter = z.object({
  queue: z.string(),
  died_at: z.iso.datetime(),
  reason: z.string().nullable().default(null),
  body: z.unknown(),
});

/**
 * Why a message fails for the last time: the platform moves it to the dead letters without a word of that, so the reason
 * is written down where its dead letter will be.
 */
export async function keepLastWords(env: Env, queue: string, message: Message, error: unknown): Promise<void> {
  const limit = MAX_RETRIES[queue];
  if (limit === undefined || message.attempts <= limit) return;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  await write(env, queue, message.body, words.slice(0, MAX_REASON_CHARACTERS));
}

const MAX_REASON_CHARACTERS = 500;

/** Named by what it carries: what dies again and again, as a letter whose Mailbox stays away, is one dead letter. */
export async function keepDeadLetter(env: Env, queue: string, { id, body }: Message): Promise<void> {
  console.error("queue message is dead", { queue, id, body });
  const before = await read(env, await keyFor(queue, body));
  await write(env, queue, body, before?.reason ?? null);
}

async function write(env: Env, queue: string, body: unknown, reason: string | null): Promise<void> {
  const died_at = new Date().toISOString();
  const letter = { queue, died_at, reason, body } satisfies z.infer<typeof StoredDeadLetter>;
  await env.MAIL.put(await keyFor(queue, body), JSON.stringify(letter));
}

async function keyFor(queue: string, body: unknown): Promise<string> {
  const name = await sha256Hex(new Uint8Array(new TextEncoder().encode(JSON.stringify(body))));
  return deadKey(queue, name.slice(0, 32));
}

/** A thousand stands for as many or more. */
export async function countDeadLetters(env: Env): Promise<number> {
  return (await env.MAIL.list({ prefix: DEAD_PREFIX })).objects.length;
}

/** The oldest thousand. */
export async function listDeadLetters(env: Env): Promise<DeadLetterView[]> {
  const { objects } = await env.MAIL.list({ prefix: DEAD_PREFIX });
  const letters = await Promise.all(
    objects.map(async ({ key }) => {
      const letter = await read(env, key);
      return letter === null ? [] : [{ id: idOf(key), ...letter }];
    }),
  );
  return letters.flat().sort((a, b) => a.died_at.localeCompare(b.died_at));
}

type DeadLetterView = z.infer<typeof DeadLetter>;

export async function retryDeadLetter(env: Env, id: string): Promise<void> {
  const letter = await read(env, keyOf(id));
  if (letter === null) throw notFound("dead letter");
  await queueOf(env, letter.queue).send(letter.body);
  await env.MAIL.delete(keyOf(id));
}

function queueOf(env: Env, name: string): Queue {
  if (name === INBOUND_QUEUE) return env.INBOUND;
  if (name === EMAIL_EVENTS_QUEUE) return env.EMAIL_EVENTS;
  return name === OUTBOUND_BULK_QUEUE ? env.OUTBOUND_BULK : env.OUTBOUND;
}

export async function dropDeadLetter(env: Env, id: string): Promise<void> {
  if ((await read(env, keyOf(id))) === null) throw notFound("dead letter");
  await env.MAIL.delete(keyOf(id));
}

/** The key without its prefix, as one path segment. */
const idOf = (key: string): string => key.slice(DEAD_PREFIX.length).replace("/", "~");
const keyOf = (id: string): string => DEAD_PREFIX + id.replace("~", "/");

async function read(env: Env, key: string) {
  const object = await env.MAIL.get(key);
  return object === null ? null : StoredDeadLetter.parse(await object.json());
}
