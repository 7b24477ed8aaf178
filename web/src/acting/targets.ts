/** What a command is about: what is selected; else what is opened; else the row that the keyboard is at. */
import type { Folder } from "../../../contract/folders.ts";
import type { Message, MessageSummary, Thread } from "../../../contract/messages.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { goTo, placeNow } from "../app/address-bar.ts";
import type { Opened } from "../app/place.ts";
import type { ListedMessage, ListSource } from "../list/list-source.ts";
import { clearSelection, useSelection } from "../list/selection.ts";
import { currentRow, selectedRows, useShownList } from "../list/shown-list.ts";
import { useConnection } from "../live/connection.ts";
import { mute } from "./act.ts";
import { onAll, sayNeedsNetwork } from "./on-all.ts";
import { doneTo, foldersNow, messagesOf, onRows } from "./on-rows.ts";
import { outOfTrash } from "./update.ts";
import { type Verb, verbs } from "./verbs.ts";

export type Targets =
  | { kind: "rows"; rows: ListedMessage[] }
  /** All that a folder holds, or a search finds. */
  | { kind: "all"; source: ListSource; folder: Folder | undefined }
  | { kind: "opened"; rows: ListedMessage[] };

type Named = "archive" | "delete" | "junk" | "notJunk" | "toInbox" | "read" | "unread" | "star" | "unstar";

export function targetsNow(): Targets | null {
  const { selected, isAll } = useSelection.getState();
  const { source, folder } = useShownList.getState();
  if (isAll && source) return { kind: "all", source, folder };
  if (selected.size > 0) return { kind: "rows", rows: selectedRows() };
  const opened = openedTargets();
  if (opened !== null) return opened;
  const current = currentRow();
  return current === undefined ? null : { kind: "rows", rows: [current] };
}

/** What is opened, whatever is selected. */
export function openedTargets(): Targets | null {
  const opened = openedNow();
  const rows = opened === null ? [] : rowsOf(opened);
  return rows.length > 0 ? { kind: "opened", rows } : null;
}

export const hasTargets = (): boolean => targetsNow() !== null;

function openedNow(): Opened | null {
  const place = placeNow();
  return "opened" in place ? place.opened : null;
}

/** The row of what is opened; where the list has none, its messages. */
function rowsOf({ kind, id }: Opened): ListedMessage[] {
  const row = useShownList
    .getState()
    .messages.find((row) => (kind === "thread" ? row.thread && row.thread_id === id : row.id === id));
  if (row) return [row];
  const messages: readonly (MessageSummary | undefined)[] =
    kind === "thread"
      ? (queryClient.getQueryData<Thread>(keys.thread(id))?.messages ?? [])
      : [queryClient.getQueryData<Message>(keys.message(id))];
  return outOfTrash(
    messages.filter((message) => message !== undefined),
    foldersNow(),
  );
}

export const verbsNow = () => verbs(foldersNow(), useShownList.getState().folder);

/** Does what is asked for to the targets, and closes what was opened where it leaves the list. */
export async function carryOutOn(targets: Targets | null, verb: Verb): Promise<void> {
  if (targets === null) return;
  if (targets.kind === "all" && !isConnected()) return sayNeedsNetwork();
  if (verb.leaves && openedNow() !== null && concernsOpened(targets)) closeOpened();
  if (targets.kind === "all") await onAll(targets.source, targets.folder, verb);
  else await onRows(targets.rows, verb);
}

export async function onTargets(name: Named | "toggleStar", targets = targetsNow()): Promise<void> {
  const named = name === "toggleStar" ? (isAnyPlain(targets) ? "star" : "unstar") : name;
  // What is marked as unread while it is open would be read again.
  if (named === "unread" && targets?.kind === "opened") closeOpened();
  await carryOutOn(targets, verbsNow()[named]);
}

const isAnyPlain = (targets: Targets | null): boolean =>
  targets === null || targets.kind === "all" || targets.rows.some(({ is_flagged }) => !is_flagged);

/** Those that are not muted yet; where all of them are, they are heard of again. */
export async function muteTargets(targets = targetsNow()): Promise<void> {
  if (targets === null || targets.kind === "all") return;
  const { folder } = useShownList.getState();
  const plain = targets.rows.filter((row) => !isMuted(row));
  const isMuting = plain.length > 0;
  const rows = isMuting ? plain : targets.rows;
  const messages = await messagesOf(rows, verbsNow().read, folder);
  const threads = [...new Set(rows.map(({ thread_id }) => thread_id))].map((thread_id) => ({
    thread_id,
    messages: messages.filter((message) => message.thread_id === thread_id),
  }));
  await mute(threads, isMuting, doneTo(isMuting ? "muted" : "unmuted", threads.length, "conversations"));
  clearSelection();
}

const isMuted = ({ thread, thread_id }: ListedMessage): boolean =>
  thread?.is_muted ?? queryClient.getQueryData<Thread>(keys.thread(thread_id))?.is_muted ?? false;

/** An open socket outlives its network for a while. */
const isConnected = (): boolean => navigator.onLine && useConnection.getState().connection !== "lost";

function concernsOpened(targets: Targets): boolean {
  const opened = openedNow();
  if (targets.kind !== "rows" || opened === null) return true;
  return targets.rows.some(({ id, thread_id }) => (opened.kind === "thread" ? thread_id : id) === opened.id);
}

function closeOpened(): void {
  const place = placeNow();
  if ("opened" in place && place.opened) goTo({ ...place, opened: null });
}
