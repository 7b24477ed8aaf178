/**
 * Doing something to messages: shown at once, kept until the server has it, taken back with one key, and shown as it was
 * where the server refuses. Nothing here waits for the network.
 */
import type { Folder } from "../../../contract/folders.ts";
import { beforeSignOut, useSignedIn } from "../account/signed-in.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { refreshLists } from "../list/keep-list.ts";
import { begin, dropped, isAnyPending, taken } from "./pending.ts";
import { enqueue, type Outcome, onOutcome, sendAll } from "./queue.ts";
import { forgetOthers, newKey, onMade } from "./queue-store.ts";
import { restoreQueued } from "./restore-queued.ts";
import { showUpdate } from "./show-update.ts";
import { tellDone } from "./undo.ts";
import { type Actable, type Step, stepsBack, stepsOf, type Update } from "./update.ts";

export type { Actable, Update } from "./update.ts";

interface Act {
  /** Said when it is done, with what takes it back: "Archived." */
  done?: string;
}

/** Does it to each of the messages; `update` may depend on the message. Resolves when it is kept, or the server has it. */
export async function act(
  messages: readonly Actable[],
  update: Update | ((message: Actable) => Update),
  { done }: Act = {},
): Promise<void> {
  const updateOf = typeof update === "function" ? update : () => update;
  await carryOut(stepsOf(messages, updateOf, foldersNow()), done === undefined ? {} : { done });
}

export interface Muted {
  thread_id: string;
  /** Those of it that are known. */
  messages: readonly Actable[];
}

/** The conversations are heard of no more: their messages in the inbox are archived, read. */
export async function mute(threads: readonly Muted[], is_muted: boolean, done: string): Promise<void> {
  const inbox = foldersNow().find(({ role }) => role === "inbox")?.id;
  const archive = foldersNow().find(({ role }) => role === "archive")?.id;
  const stepsOfThread = ({ thread_id, messages }: Muted): Step[] => {
    const touched = messages.filter(({ folder_ids }) => is_muted && folder_ids.some((id) => id === inbox));
    const steps = stepsOf(
      touched,
      ({ folder_ids }) => {
        const others = folder_ids.filter((id) => id !== inbox);
        return { is_read: true, folder_ids: others.length > 0 || archive === undefined ? others : [archive] };
      },
      foldersNow(),
    );
    const shown = steps.length > 0 ? steps : [{ messages: [], update: {} }];
    return shown.map((step) => ({ ...step, mute: { thread_id, is_muted } }));
  };
  const before = threads.map(({ thread_id }) => ({
    ...{ messages: [], update: {} },
    mute: { thread_id, is_muted: !is_muted },
  }));
  await carryOut(threads.flatMap(stepsOfThread), { done, before });
}

interface Carried extends Act {
  /** What is done before the messages are put back, to take it back. */
  before?: readonly Step[];
  /** Can be taken back, although nothing is said of it. */
  isRemembered?: boolean;
}

export async function carryOut(
  steps: readonly Step[],
  { done, before = [], isRemembered = done !== undefined }: Carried = {},
): Promise<void> {
  const back = [...before, ...steps.flatMap((step) => stepsBack(step, foldersNow()))];
  tellDone(done, isRemembered && back.length > 0 ? () => void Promise.all(back.map(submit)) : null);
  await Promise.all(steps.map(submit));
}

async function submit(step: Step): Promise<void> {
  const account = useSignedIn.getState().user_id;
  if (account === null) return;
  const key = newKey();
  begin(key, step);
  showUpdate(queryClient, step);
  await enqueue({ key, account, step });
}

/** Who does something and leaves has done it; who leaves without a network does not wait for one. */
const LONGEST_FAREWELL = 5000;
beforeSignOut(async () => {
  const account = useSignedIn.getState().user_id;
  if (account === null) return;
  await Promise.race([sendAll(account), new Promise((resolve) => setTimeout(resolve, LONGEST_FAREWELL))]);
});

/** Goes on with what an earlier page left, and hears what becomes of everything. Returns what ends it. */
export function followQueue(account: string): () => void {
  const ends = [
    onOutcome((outcome) => void settle(outcome)),
    // Without a network it is not heard of in any other way.
    onMade(() => void restoreQueued(account)),
  ];
  const send = () => void sendAll(account);
  const resume = async () => {
    const isAny = (await restoreQueued(account)) || isAnyPending();
    await sendAll(account);
    // Nobody waits for it.
    void forgetOthers(account);
    // The counts may have had them in already, where an answer was lost.
    if (isAny) await queryClient.invalidateQueries({ queryKey: keys.folders });
  };
  void resume();
  addEventListener("online", send);
  return () => {
    removeEventListener("online", send);
    for (const end of ends) end();
  };
}

async function settle({ key, refusal }: Outcome): Promise<void> {
  if (refusal === null) return taken(key);
  const step = dropped(key);
  if (step === undefined) return;
  notify(refusal, { kind: "failed" });
  // What the screen guessed is not so: as it was before, and then as it is.
  for (const back of stepsBack(step, foldersNow())) showUpdate(queryClient, back);
  await asItIs(step.messages.map(({ id }) => id));
}

async function asItIs(ids: string[]): Promise<void> {
  await Promise.allSettled([
    refreshLists(queryClient, { created: [], changed: ids, destroyed: [] }),
    queryClient.invalidateQueries({ queryKey: keys.folders }),
    queryClient.invalidateQueries({ queryKey: keys.threads }),
    ...ids.slice(0, 50).map((id) => queryClient.invalidateQueries({ queryKey: keys.message(id) })),
  ]);
}

const foldersNow = (): Folder[] => queryClient.getQueryData<Folder[]>(keys.folders) ?? [];
