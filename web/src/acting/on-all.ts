/** A verb on all that a folder holds or a search finds: page by page, a thousand to a request, until it is called off. */
import { create } from "zustand";
import type { Folder } from "../../../contract/folders.ts";
import { MAX_BATCH } from "../../../contract/limits.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { Unreachable } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { refreshLists } from "../list/keep-list.ts";
import { fetchPage, type ListSource } from "../list/list-source.ts";
import { clearSelection } from "../list/selection.ts";
import { carryOut } from "./act.ts";
import { doneTo, foldersNow } from "./on-rows.ts";
import { begin, dropped, onItsWay, taken } from "./pending.ts";
import { enqueue, sendStep } from "./queue.ts";
import { newKey } from "./queue-store.ts";
import { showUpdate } from "./show-update.ts";
import { tellDone } from "./undo.ts";
import { type Actable, actable, type Step, stepsBack, stepsOf } from "./update.ts";
import type { Verb } from "./verbs.ts";

interface Progress {
  done: number;
  /** As far as it is known. */
  total: number | null;
  cancel(): void;
}

/** What is on its way just now. */
export const useProgress = create<{ progress: Progress | null }>(() => ({ progress: null }));

/** Resolves when it is done or was called off; what was done until then stays done, and can be taken back. */
export async function onAll(
  source: ListSource,
  folder: Folder | undefined,
  verb: Verb,
  { isSilent = false } = {},
): Promise<void> {
  const end = new AbortController();
  const steps: Step[] = [];
  let done = 0;
  const show = () =>
    useProgress.setState({ progress: { done, total: folder?.total ?? null, cancel: () => end.abort() } });
  show();
  clearSelection();
  try {
    for await (const messages of batchesOf(source, end.signal)) {
      for (const step of stepsOf(messages, verb.updateOf, foldersNow())) {
        end.signal.throwIfAborted();
        await carryOutOne(step);
        steps.push(step);
        done += step.messages.length;
        show();
      }
    }
  } catch (error) {
    if (!end.signal.aborted) complain(error);
  } finally {
    useProgress.setState({ progress: null });
  }
  if (!isSilent) sayDone(verb, done, steps);
  await Promise.allSettled([
    refreshLists(queryClient, { created: [], changed: ["all"], destroyed: [] }),
    ...[keys.folders, keys.threads, keys.messages].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  ]);
}

/** Without a network nobody knows here what all of them are. What is selected stays so. */
export const sayNeedsNetwork = (): void => void notify(i18n.t("actions.allNeedsNetwork"), { kind: "failed" });

function complain(error: unknown): void {
  if (error instanceof Unreachable) sayNeedsNetwork();
  else notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
}

/** Whose messages are known is queued like any other where the network goes in the middle of it. */
async function carryOutOne(step: Step): Promise<void> {
  const key = newKey();
  begin(key, step);
  showUpdate(queryClient, step);
  try {
    await onItsWay(sendStep(step));
    taken(key);
  } catch (error) {
    const account = useSignedIn.getState().user_id;
    if (error instanceof Unreachable && account !== null) return enqueue({ key, account, step });
    dropped(key);
    throw error;
  }
}

function sayDone(verb: Verb, count: number, steps: readonly Step[]): void {
  const back = steps.flatMap((step) => stepsBack(step, foldersNow()));
  if (count === 0) return;
  const said = verb.done === null ? i18n.t("actions.done.changed", { count }) : doneTo(verb.done, count, "messages");
  tellDone(said, back.length > 0 ? () => void carryOut(back) : null);
}

/** Messages and not conversations: pages are asked for by where the last one ended, so none is missed as they go. */
async function* batchesOf(source: ListSource, signal: AbortSignal): AsyncGenerator<Actable[]> {
  const flat: ListSource = source.kind === "folder" ? { ...source, collapsed: false } : source;
  let batch: Actable[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page = await fetchPage(flat, cursor, signal);
    batch.push(...page.messages.map(actable));
    cursor = page.next_cursor;
    if (batch.length < MAX_BATCH && cursor !== null) continue;
    yield batch.splice(0, MAX_BATCH);
  }
  if (batch.length > 0) yield batch;
  batch = [];
}
