/**
 * Doing something to messages: shown at once, sent, taken back with one key, and shown as it was where the server refuses.
 * Nothing here waits for the network; the cache is changed first, and the account's changes put right what was guessed.
 */
import type { Folder } from "../../../contract/folders.ts";
import type { MessageSummary, UpdateMessage } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { refreshLists } from "../list/keep-list.ts";
import { showUpdate } from "./show-update.ts";
import { remember } from "./undo.ts";

export type Update = UpdateMessage | { delete: true };
/** The same update for each of some messages: one request. */
export interface Step {
  ids: string[];
  update: Update;
}
/** The API takes so many ids in a request (contract/limits.ts, MAX_BATCH). */
const MOST_IDS = 1000;

interface Act {
  /** Said when it is done, with what takes it back: "Archived." */
  done?: string;
}

export type Actable = Pick<
  MessageSummary,
  "id" | "folder_ids" | "is_read" | "is_flagged" | "keywords" | "snoozed_until"
>;

/** Does it to each of the messages; `update` may depend on the message. Resolves when the server has taken it. */
export async function act(
  messages: readonly Actable[],
  update: Update | ((message: Actable) => Update),
  { done }: Act = {},
): Promise<void> {
  const updateOf = typeof update === "function" ? update : () => update;
  const steps = stepsOf(messages.map((message) => ({ id: message.id, update: updateOf(message) })));
  const back = stepsOf(messages.map((message) => ({ id: message.id, update: inverseOf(updateOf(message), message) })));
  const isGone = steps.some(({ update }) => "delete" in update && isInTrash(messages));
  if (done !== undefined) {
    const undo = () => void carryOut(back);
    if (!isGone) remember(undo);
    notify(done, isGone ? {} : { action: { label: i18n.t("app.undo"), run: undo } });
  }
  await carryOut(steps);
}

async function carryOut(steps: readonly Step[]): Promise<void> {
  for (const step of steps) showUpdate(queryClient, step);
  try {
    for (const { ids, update } of steps) {
      for (let from = 0; from < ids.length; from += MOST_IDS) {
        await call("POST", "/messages/batch", { body: { ids: ids.slice(from, from + MOST_IDS), ...update } });
      }
    }
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
    // What the screen guessed is not so.
    await asItIs(steps.flatMap(({ ids }) => ids));
  }
}

async function asItIs(ids: string[]): Promise<void> {
  await Promise.allSettled([
    refreshLists(queryClient, { created: [], changed: ids, destroyed: [] }),
    queryClient.invalidateQueries({ queryKey: keys.folders }),
    ...ids.slice(0, 50).map((id) => queryClient.invalidateQueries({ queryKey: keys.message(id) })),
  ]);
}

/** One step for all messages that get the same update. */
function stepsOf(updates: { id: string; update: Update }[]): Step[] {
  const steps = new Map<string, Step>();
  for (const { id, update } of updates) {
    const key = JSON.stringify(update);
    const step = steps.get(key) ?? { ids: [], update };
    step.ids.push(id);
    steps.set(key, step);
  }
  return [...steps.values()];
}

/** What makes a message as it was. */
function inverseOf(update: Update, message: Actable): Update {
  if ("delete" in update) return { folder_ids: message.folder_ids };
  const back: UpdateMessage = {};
  if (update.is_read !== undefined) back.is_read = message.is_read;
  if (update.is_flagged !== undefined) back.is_flagged = message.is_flagged;
  if (update.keywords !== undefined) back.keywords = message.keywords;
  if (update.folder_ids !== undefined) back.folder_ids = message.folder_ids;
  if (update.snoozed_until !== undefined) {
    if (message.snoozed_until === null) back.folder_ids = message.folder_ids;
    else back.snoozed_until = message.snoozed_until;
  }
  return back;
}

const foldersNow = (): Folder[] => queryClient.getQueryData<Folder[]>(keys.folders) ?? [];
const idOf = (role: string): string | undefined => foldersNow().find((folder) => folder.role === role)?.id;

/** In trash, to delete is for good. */
const isInTrash = (messages: readonly Actable[]): boolean =>
  messages.some(({ folder_ids }) => folder_ids.some((id) => id === idOf("trash")));
