/**
 * Sends updates, in the order in which they were made, one at a time, whichever tab made them; again when there was no
 * network. What is sent twice, because an answer was lost, changes nothing the second time.
 */
import { call, Refused, Unreachable } from "../api/call.ts";
import { asSent } from "./as-sent.ts";
import { onItsWay } from "./pending.ts";
import { type Entry, entriesOf, keep, remove } from "./queue-store.ts";
import type { Actable, Step } from "./update.ts";

export interface Outcome {
  key: string;
  /** Why the server did not take it. */
  refusal: string | null;
}

/** Tries to get through again after so many milliseconds, and twice as long each time. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
/** Answers that say "not now". */
const LATER = new Set([429, 502, 503, 504]);

/** A server that does not answer must not hold up what follows. */
const LONGEST_WAIT = 60_000;

const channel = new BroadcastChannel("mailmesh.updates");
let timer: ReturnType<typeof setTimeout> | undefined;
let pause = FIRST_PAUSE;

export async function enqueue(entry: Entry): Promise<void> {
  await keep(entry);
  await sendAll(entry.account);
}

/** Hears what became of each entry, also of those that another tab sent. */
export function onOutcome(hear: (outcome: Outcome) => void): () => void {
  const listener = ({ data }: MessageEvent<Outcome>) => hear(data);
  const itself = ({ detail }: CustomEvent<Outcome>) => hear(detail);
  channel.addEventListener("message", listener);
  addEventListener("update-sent", itself as EventListener);
  return () => {
    channel.removeEventListener("message", listener);
    removeEventListener("update-sent", itself as EventListener);
  };
}

/** One tab at a time. Resolves when nothing is left, or nothing gets through. */
export async function sendAll(account: string): Promise<void> {
  clearTimeout(timer);
  await navigator.locks.request("mailmesh.updates", async () => {
    for (let entry = await first(account); entry; entry = await first(account)) {
      const outcome = await send(entry);
      if (outcome === "later") {
        timer = setTimeout(() => void sendAll(account), pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        return;
      }
      pause = FIRST_PAUSE;
      await remove(entry.key);
      channel.postMessage(outcome);
      dispatchEvent(new CustomEvent("update-sent", { detail: outcome }));
    }
  });
}

const first = async (account: string): Promise<Entry | undefined> => (await entriesOf(account))[0];

async function send({ key, step }: Entry): Promise<Outcome | "later"> {
  try {
    await onItsWay(sendStep(step));
    return { key, refusal: null };
  } catch (error) {
    if (error instanceof Unreachable || (error instanceof DOMException && error.name === "TimeoutError"))
      return "later";
    // Whoever signs in again finds it here.
    if (error instanceof Refused && (LATER.has(error.status) || error.status === 401)) return "later";
    return { key, refusal: error instanceof Error ? error.message : String(error) };
  }
}

const inTime = () => ({ signal: AbortSignal.timeout(LONGEST_WAIT) });

/** What is gone meanwhile is left out; throws what the server refuses. */
export async function sendStep(step: Step): Promise<void> {
  const { mute } = step;
  if (mute) await call("PATCH", `/threads/${mute.thread_id}`, { body: { is_muted: mute.is_muted }, ...inTime() });
  else for (const { messages, update } of asSent(step)) await updateAll(messages, update);
}

/** Of all or none. Where one of many is gone meanwhile, the others are found by halves. */
async function updateAll(messages: readonly Actable[], update: Step["update"]): Promise<void> {
  try {
    await call("POST", "/messages/batch", { body: { ids: messages.map(({ id }) => id), ...update }, ...inTime() });
  } catch (error) {
    if (!(error instanceof Refused && error.reason === "not_found" && /message/.test(error.message))) throw error;
    if (messages.length <= 1) return;
    const half = Math.ceil(messages.length / 2);
    await updateAll(messages.slice(0, half), update);
    await updateAll(messages.slice(half), update);
  }
}
