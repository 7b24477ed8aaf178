/** What can be done with messages in a list, by name: what it makes of each, and of which it is done. */
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import type { FolderId } from "../../../contract/ids.ts";
import { moveInto } from "./move.ts";
import { type Actable, isIn, type Update } from "./update.ts";

export interface Verb {
  updateOf(message: Actable): Update;
  /** What is said when it is done: a sentence of actions.json, under "done" and "doneToMany". */
  done: Done | null;
  /** Its messages leave the list. */
  leaves: boolean;
  /** Of a conversation, it is done to those of its messages that the list is of, to all, or to the one that is shown. */
  of: "list" | "conversation" | "shown";
}
export type Done =
  | "archived"
  | "movedToInbox"
  | "deleted"
  | "deletedForGood"
  | "junk"
  | "notJunk"
  | "moved"
  | "labelled"
  | "unlabelled"
  | "snoozed"
  | "unsnoozed"
  | "muted"
  | "unmuted";

const LIST = { leaves: true, of: "list" } as const;

/** `from` is the folder that is looked at. */
export const verbs = (folders: readonly Folder[], from: Folder | undefined) => {
  const into = (target: Folder["id"] | undefined) => moveInto(folders, target, from);
  const idOf = (role: FolderRole) => folders.find((folder) => folder.role === role)?.id;
  const only = (role: FolderRole) => {
    const id = idOf(role);
    return (): Update => (id === undefined ? {} : { folder_ids: [id] });
  };
  return {
    archive: { ...LIST, updateOf: into(idOf("archive")), done: "archived" },
    toInbox: { ...LIST, updateOf: into(idOf("inbox")), done: "movedToInbox" },
    junk: { ...LIST, updateOf: only("junk"), done: "junk" },
    notJunk: { ...LIST, updateOf: into(idOf("inbox")), done: "notJunk" },
    delete: {
      ...LIST,
      updateOf: () => ({ delete: true }) as const,
      done: from?.role === "trash" ? "deletedForGood" : "deleted",
    },
    moveTo: (id: FolderId) => ({ ...LIST, updateOf: into(id), done: "moved" }) as const,
    label: (id: FolderId, isOn: boolean) =>
      ({
        updateOf: ({ folder_ids }: Actable) => ({ folder_ids: labelled(folders, folder_ids, id, isOn) }),
        done: isOn ? "labelled" : "unlabelled",
        leaves: !isOn && from?.id === id,
        of: "list",
      }) as const,
    snooze: (until: string | null) =>
      ({
        ...LIST,
        updateOf: () => ({ snoozed_until: until }),
        done: until === null ? "unsnoozed" : "snoozed",
      }) as const,
    read: { updateOf: () => ({ is_read: true }), done: null, leaves: false, of: "conversation" },
    unread: { updateOf: () => ({ is_read: false }), done: null, leaves: false, of: "shown" },
    star: { updateOf: () => ({ is_flagged: true }), done: null, leaves: false, of: "shown" },
    unstar: { updateOf: () => ({ is_flagged: false }), done: null, leaves: false, of: "list" },
  } as const satisfies Record<string, Verb | ((...args: never[]) => Verb)>;
};

/** Without its last label a message is in the archive: it stays somewhere. */
function labelled(folders: readonly Folder[], before: FolderId[], id: FolderId, isOn: boolean): FolderId[] {
  const others = before.filter((one) => one !== id);
  if (isOn) return [...others, id];
  const archive = folders.find(({ role }) => role === "archive")?.id;
  return others.length > 0 || archive === undefined ? others : [archive];
}

/** Whether a message is one of those that a list of this folder is of. */
export const isOfList = (message: Actable, folder: Folder | undefined): boolean =>
  folder === undefined || isIn(message, folder);
