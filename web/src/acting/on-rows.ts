/** A verb on rows of a list: what is selected, the row that the keyboard is at, or what is opened. */
import type { Folder } from "../../../contract/folders.ts";
import type { Thread } from "../../../contract/messages.ts";
import { call, Unreachable } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";
import { rowKey } from "../list/list-cache.ts";
import type { ListedMessage } from "../list/list-source.ts";
import { clearSelection } from "../list/selection.ts";
import { stepOff, useShownList } from "../list/shown-list.ts";
import { carryOut } from "./act.ts";
import { begin, dropped } from "./pending.ts";
import { newKey } from "./queue-store.ts";
import { showInLists } from "./show-update.ts";
import { type Actable, isTrashed, stepsOf } from "./update.ts";
import { type Done, isOfList, type Verb } from "./verbs.ts";

/** So many conversations are asked for at a time. */
const AT_ONCE = 6;

export async function onRows(rows: readonly ListedMessage[], verb: Verb): Promise<void> {
  if (rows.length === 0) return;
  const { folder } = useShownList.getState();
  if (verb.leaves) {
    stepOff(new Set(rows.map(rowKey)));
    clearSelection();
  }
  const messages = await messagesOf(rows, verb, folder);
  const of = rows.some(({ thread }) => thread !== undefined) ? "conversations" : "messages";
  const said = verb.done === null ? {} : { done: doneTo(verb.done, rows.length, of) };
  await carryOut(stepsOf(messages, verb.updateOf, foldersNow()), { ...said, isRemembered: true });
}

/** Of one thing it is plain which; of several it is said how many. */
export function doneTo(done: Done, count: number, of: "conversations" | "messages"): string {
  if (count === 1) return i18n.t(`actions.done.${done}`);
  return i18n.t(`actions.doneToMany.${done}`, { what: i18n.t(`actions.${of}`, { count }) });
}

/**
 * The messages that a verb is about. A conversation that was not opened has to be asked for; meanwhile its row shows
 * what will be. Without a network it is done to what is known of it.
 */
export async function messagesOf(
  rows: readonly ListedMessage[],
  verb: Pick<Verb, "of" | "updateOf">,
  folder: Folder | undefined,
): Promise<Actable[]> {
  const unknown = verb.of === "shown" ? [] : rows.filter((row) => isLong(row) && knownThread(row) === undefined);
  const folders = foldersNow();
  // All mail is of what was deleted as well, and a conversation may have both.
  const isOfThis = (one: Actable, row: Actable) =>
    isOfList(one, folder) && isTrashed(one, folders) === isTrashed(row, folders);
  const shown = stepsOf(unknown, verb.updateOf, folders).map((step) => ({ key: newKey(), step }));
  for (const { key, step } of shown) {
    begin(key, step);
    showInLists(queryClient, step);
  }
  const fetched = await threadsOf(unknown);
  for (const { key } of shown) dropped(key);
  return rows.flatMap((row): Actable[] => {
    const thread = verb.of === "shown" ? undefined : (knownThread(row) ?? fetched.get(row.thread_id));
    const found = thread?.messages.filter((one) => verb.of === "conversation" || isOfThis(one, row)) ?? [];
    return found.some(({ id }) => id === row.id) ? found : [...found, row];
  });
}

const isLong = ({ thread }: ListedMessage): boolean => thread !== undefined && thread.total > 1;

/** Where the list is by conversation, and this one has been opened and is all there. */
function knownThread({ thread, thread_id }: ListedMessage): Thread | undefined {
  if (thread === undefined) return undefined;
  const state = queryClient.getQueryState<Thread>(keys.thread(thread_id));
  return state?.data?.next_cursor === null && !state.isInvalidated ? state.data : undefined;
}

async function threadsOf(rows: readonly ListedMessage[]): Promise<Map<string, Pick<Thread, "messages">>> {
  const threads = new Map<string, Pick<Thread, "messages">>();
  const waiting = rows.map(({ thread_id }) => thread_id);
  const worker = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const messages = await wholeThread(id).catch((error: Error) => {
        if (!(error instanceof Unreachable)) notify(error.message, { kind: "failed" });
        return [];
      });
      threads.set(id, { messages });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return threads;
}

async function wholeThread(id: string): Promise<Thread["messages"]> {
  const messages: Thread["messages"] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ limit: "100", ...(cursor === "" ? {} : { cursor }) });
    const page: Thread = await call("GET", `/threads/${id}?${query}`);
    messages.push(...page.messages);
    cursor = page.next_cursor;
  }
  return messages;
}

export const foldersNow = (): Folder[] => queryClient.getQueryData<Folder[]>(keys.folders) ?? [];
