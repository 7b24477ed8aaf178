/** What can be done to messages, what it makes of one, and what takes it back. Pure. */
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import { MAX_BATCH } from "../../../contract/limits.ts";
import type { MessageSummary, UpdateMessage } from "../../../contract/messages.ts";

export type Update = UpdateMessage | { delete: true };

/** A message as it was before something was done to it: enough to show what it will be, and to take it back. */
export type Actable = Pick<
  MessageSummary,
  "id" | "thread_id" | "folder_ids" | "is_read" | "is_flagged" | "keywords" | "snoozed_until"
>;

/** A message is in one of them, whatever its labels are. */
export interface Places {
  all: Actable["folder_ids"];
  /** Trash and junk: a message goes there from everywhere. */
  bins: Actable["folder_ids"];
}

/** The same update for each of some messages: one request, or few (as-sent.ts). */
export interface Step {
  messages: Actable[];
  update: Update;
  /** Where the update says which folders they are in. */
  places?: Places;
  /** The request is to mute their conversation, or not to; the update is what that does to its messages. */
  mute?: { thread_id: string; is_muted: boolean };
}

/** Nothing more of it than what is needed: this is kept while the network is gone. */
export const actable = ({
  id,
  thread_id,
  folder_ids,
  is_read,
  is_flagged,
  keywords,
  snoozed_until,
}: Actable): Actable => ({
  id,
  thread_id,
  folder_ids,
  is_read,
  is_flagged,
  keywords,
  snoozed_until,
});

/**
 * One step for all messages that get the same update, as many as a request takes. To delete is to move to trash: said
 * twice, as may happen when an answer was lost, "delete" would destroy.
 */
export function stepsOf(
  messages: readonly Actable[],
  updateOf: (message: Actable) => Update,
  folders: readonly Folder[],
): Step[] {
  const trash = roleId(folders, "trash");
  const steps = new Map<string, Step>();
  for (const message of messages) {
    const wanted = updateOf(message);
    const isMoved = "delete" in wanted && trash !== undefined && !message.folder_ids.includes(trash);
    const update: Update = isMoved ? { folder_ids: [trash] } : wanted;
    const kind = JSON.stringify(update);
    const step = steps.get(kind) ?? { messages: [], update };
    step.messages.push(actable(message));
    steps.set(kind, step);
  }
  const places = placesAmong(folders);
  return [...steps.values()].flatMap((step) => inBatches(step, places));
}

function placesAmong(folders: readonly Folder[]): Places {
  const idsOf = (...roles: FolderRole[]) => roles.flatMap((role) => roleId(folders, role) ?? []);
  return { all: idsOf("inbox", "archive", "junk", "trash"), bins: idsOf("junk", "trash") };
}

function inBatches({ messages, update }: Step, places: Places): Step[] {
  const isPlacing = !("delete" in update) && update.folder_ids !== undefined;
  const batches = Math.ceil(messages.length / MAX_BATCH);
  return Array.from({ length: batches }, (_, n) => ({
    messages: messages.slice(n * MAX_BATCH, (n + 1) * MAX_BATCH),
    update,
    ...(isPlacing ? { places } : {}),
  }));
}

/** What makes a message as it was. Null for what cannot be taken back. */
function inverseOf(update: Update, message: Actable): Update | null {
  if ("delete" in update) return null;
  const { is_read, is_flagged, keywords, folder_ids } = message;
  const back: UpdateMessage = {};
  if (update.is_read !== undefined) back.is_read = is_read;
  if (update.is_flagged !== undefined) back.is_flagged = is_flagged;
  if (update.keywords !== undefined) back.keywords = keywords;
  if (update.folder_ids !== undefined) back.folder_ids = folder_ids;
  if (update.snoozed_until !== undefined) {
    if (message.snoozed_until === null) back.folder_ids = folder_ids;
    else back.snoozed_until = message.snoozed_until;
  }
  return back;
}

/** What takes a step back. Nothing for what cannot be. */
export function stepsBack({ messages, update }: Step, folders: readonly Folder[]): Step[] {
  const back = new Map(messages.map((message) => [message.id, inverseOf(update, message)]));
  const touched = messages.filter(({ id }) => Object.keys(back.get(id) ?? {}).length > 0);
  return stepsOf(
    touched.map((message) => after(message, update, folders)),
    ({ id }) => back.get(id) ?? update,
    folders,
  );
}

/** A message as an update makes it. One without folders is gone. */
export function after<M extends Actable>(message: M, update: Update, folders: readonly Folder[]): M {
  if ("delete" in update) return { ...message, folder_ids: [] };
  const { is_read, is_flagged, keywords, folder_ids, snoozed_until } = update;
  const now = {
    ...message,
    is_read: is_read ?? message.is_read,
    is_flagged: is_flagged ?? message.is_flagged,
    keywords: keywords ?? message.keywords,
    folder_ids: folder_ids ?? message.folder_ids,
  };
  if (snoozed_until === undefined) return endsSnooze(update, folders) ? { ...now, snoozed_until: null } : now;
  const [inbox, archive] = [roleId(folders, "inbox"), roleId(folders, "archive")];
  const others = message.folder_ids.filter((id) => id !== inbox);
  if (snoozed_until === null) {
    const back = others.filter((id) => id !== archive);
    return { ...now, snoozed_until, folder_ids: inbox === undefined ? back : [...back, inbox] };
  }
  // It stays somewhere.
  return { ...now, snoozed_until, folder_ids: others.length > 0 || archive === undefined ? others : [archive] };
}

const endsSnooze = ({ folder_ids }: UpdateMessage, folders: readonly Folder[]): boolean =>
  (["inbox", "trash", "junk"] as const).some((role) => folder_ids?.some((id) => id === roleId(folders, role)));

const roleId = (folders: readonly Folder[], role: FolderRole): Folder["id"] | undefined =>
  folders.find((folder) => folder.role === role)?.id;

/**
 * Of a conversation those that somebody sees who has deleted others of it: all, where all are deleted. Nothing is done to
 * what is in the trash unasked: to delete it there is to destroy it.
 */
export function outOfTrash<M extends Pick<Actable, "folder_ids">>(messages: M[], folders: readonly Folder[]): M[] {
  const kept = messages.filter((message) => !isTrashed(message, folders));
  return kept.length === 0 ? messages : kept;
}

export const isTrashed = ({ folder_ids }: Pick<Actable, "folder_ids">, folders: readonly Folder[]): boolean =>
  folder_ids.some((id) => id === roleId(folders, "trash"));

/** Whether a folder shows a message: Starred and All mail are views, which hold nothing themselves. */
export function isIn(
  message: Pick<Actable, "folder_ids" | "is_flagged">,
  folder: Pick<Folder, "id" | "role">,
): boolean {
  if (folder.role === "all") return message.folder_ids.length > 0;
  if (folder.role === "flagged") return message.is_flagged && message.folder_ids.length > 0;
  return message.folder_ids.includes(folder.id);
}
