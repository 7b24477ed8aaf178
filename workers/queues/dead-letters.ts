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
export const DEAD_SUFFIX = "-dead";

const StoredDeadLetter = z.object({ queue: z.string(), died_at: z.iso.datetime(), body: z.unknown() });

/** Named by what it carries: what dies again and again, as a letter whose Mailbox stays away, is one dead letter. */
export async function keepDeadLetter(env: Env, queue: string, message: Message): Promise<void> {
  const { id, body } = message;
  const letter = { queue, died_at: new Date().toISOString(), body } satisfies z.infer<typeof StoredDeadLetter>;
  console.error("queue message is dead", { queue, id, body });
  const name = await sha256Hex(new Uint8Array(new TextEncoder().encode(JSON.stringify(body))));
  await env.MAIL.put(deadKey(queue, name.slice(0, 32)), JSON.stringify(letter));
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
