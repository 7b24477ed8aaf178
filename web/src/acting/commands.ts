/**
 * All that can be done by a key, in one table: the keys, the list that `?` shows and the palette read it. Keys are Gmail's,
 * as tinykeys writes them.
 */
import type { FolderRole } from "../../../contract/folders.ts";
import { goTo, placeNow } from "../app/address-bar.ts";
import { useComposers } from "../composing/composers.ts";
import type en from "../language/en/words.ts";
import { rowKey } from "../list/list-cache.ts";
import type { ListedMessage } from "../list/list-source.ts";
import { useListView } from "../list/list-view.ts";
import { clearSelection, selectRows, toggleRow } from "../list/selection.ts";
import { currentRow, step, useShownList } from "../list/shown-list.ts";
import { keyboardGoesTo } from "../reading/keyboard-goes-in.ts";
import { prefetch } from "../reading/prefetch.ts";
import { changeSettings } from "../settings/settings-query.ts";
import { answer } from "./answer.ts";
import { openSheet } from "./sheets.ts";
import { hasTargets, muteTargets, onTargets } from "./targets.ts";
import { undoLast } from "./undo.ts";

export type Group = "moving" | "selecting" | "acting" | "writing" | "going" | "anywhere";

/** Its sentence in actions.json, under "commands". */
export type CommandName = keyof (typeof en)["actions"]["commands"];

export interface Command {
  group: Group;
  name: CommandName;
  /** Any of them; none for what only the palette offers. */
  keys: readonly string[];
  run(): void;
  /** How its key is written for people, where that is not the first of `keys`. */
  shown?: string;
  /** What does nothing here, the palette does not offer. */
  isPossible?(): boolean;
}

const goToFolder = (folder: FolderRole) => goTo({ screen: "folder", folder, opened: null });
const isOpen = (): boolean => {
  const here = placeNow();
  return "opened" in here && here.opened !== null;
};

function open(row: ListedMessage | undefined): void {
  const here = placeNow();
  if (row === undefined || !("opened" in here)) return;
  const opened =
    row.thread === undefined
      ? { kind: "message" as const, id: row.id }
      : { kind: "thread" as const, id: row.thread_id };
  prefetch(row, opened);
  goTo({ ...here, opened });
}

function openWithKeyboard(): void {
  const row = currentRow();
  if (row) keyboardGoesTo(row.thread === undefined ? row.id : row.thread_id);
  open(row);
}

function move(by: 1 | -1): void {
  const row = step(by);
  // What is opened is the row that the keyboard is at.
  if (isOpen()) open(row);
}

function close(): void {
  const here = placeNow();
  if ("opened" in here && here.opened !== null) goTo({ ...here, opened: null });
}

function toggle(): void {
  const row = currentRow() ?? step(1);
  if (row) toggleRow(rowKey(row));
}

function selectWhere(isWanted: (row: ListedMessage) => boolean): void {
  selectRows(useShownList.getState().messages.filter(isWanted).map(rowKey));
}
const isUnread = (row: ListedMessage) => (row.thread ? row.thread.unread > 0 : !row.is_read);

const view = () => useListView.getState();
const isIn = (role: FolderRole) => useShownList.getState().folder?.role === role;
const hasRows = () => useShownList.getState().messages.length > 0;

type More = Pick<Command, "shown" | "isPossible">;
const of =
  (group: Group) =>
  (name: CommandName, keys: string, run: () => unknown, more: More = {}): Command => ({
    ...{ group, name, keys: keys === "" ? [] : keys.split(", "), ...more },
    run: () => void run(),
  });
const [going, selecting, moving, acting] = [of("going"), of("selecting"), of("moving"), of("acting")];
const [writing, anywhere] = [of("writing"), of("anywhere")];
const withRows = { isPossible: hasRows };
const withTargets = { isPossible: hasTargets };

/** Sequences come first: their second key may be another command's first. */
export const COMMANDS: readonly Command[] = [
  going("goInbox", "g i", () => goToFolder("inbox")),
  going("goStarred", "g s", () => goToFolder("flagged")),
  going("goSent", "g t", () => goToFolder("sent")),
  going("goDrafts", "g d", () => goToFolder("drafts")),
  going("goAll", "g a", () => goToFolder("all")),
  going("goArchive", "g e", () => goToFolder("archive")),
  going("goJunk", "g [Shift]+!", () => goToFolder("junk"), { shown: "g !" }),
  going("goTrash", "g [Shift]+#", () => goToFolder("trash"), { shown: "g #" }),
  going("goFolder", "g l", () => openSheet("go")),
  selecting("selectAll", "[Shift]+* a", () => selectWhere(() => true), { shown: "* a", ...withRows }),
  selecting("selectRead", "[Shift]+* r", () => selectWhere((row) => !isUnread(row)), { shown: "* r", ...withRows }),
  selecting("selectUnread", "[Shift]+* u", () => selectWhere(isUnread), { shown: "* u", ...withRows }),
  selecting("selectStarred", "[Shift]+* s", () => selectWhere((row) => row.is_flagged), { shown: "* s", ...withRows }),
  selecting("selectNone", "[Shift]+* n, Escape", clearSelection, { shown: "* n", ...withRows }),
  selecting("select", "x", toggle, withRows),
  moving("next", "j", () => move(1), withRows),
  moving("previous", "k", () => move(-1), withRows),
  moving("open", "o", openWithKeyboard, { isPossible: () => currentRow() !== undefined }),
  moving("back", "u", close, { isPossible: isOpen }),
  acting("archive", "e", () => onTargets("archive"), withTargets),
  acting("delete", "[Shift]+#, Delete", () => onTargets("delete"), { shown: "#", ...withTargets }),
  acting("junk", "[Shift]+!", () => onTargets(isIn("junk") ? "notJunk" : "junk"), { shown: "!", ...withTargets }),
  acting("toInbox", "", () => onTargets("toInbox"), withTargets),
  acting("star", "s", () => onTargets("toggleStar"), withTargets),
  acting("read", "Shift+i", () => onTargets("read"), { shown: "Shift I", ...withTargets }),
  acting("unread", "Shift+u", () => onTargets("unread"), { shown: "Shift U", ...withTargets }),
  acting("snooze", "b", () => hasTargets() && openSheet("snooze"), withTargets),
  acting("move", "v", () => hasTargets() && openSheet("move"), withTargets),
  acting("label", "l", () => hasTargets() && openSheet("label"), withTargets),
  acting("mute", "m", () => muteTargets(), withTargets),
  acting("undo", "z", undoLast),
  writing("write", "c", () => useComposers.getState().openNew()),
  writing("reply", "r", () => answer("openReply"), withTargets),
  writing("replyAll", "a", () => answer("openReplyAll"), withTargets),
  writing("forward", "f", () => answer("openForward"), withTargets),
  anywhere("search", "/", () => document.querySelector<HTMLElement>("#search")?.focus()),
  anywhere("palette", "$mod+k", () => openSheet("palette"), { shown: "Ctrl/⌘ K" }),
  anywhere("shortcuts", "[Shift]+?", () => openSheet("shortcuts"), { shown: "?" }),
  anywhere("density", "", toggleDensity),
  anywhere("conversations", "", () => changeSettings({ conversations: !view().isCollapsed })),
  anywhere("settings", "", () => goTo({ screen: "settings", section: "" })),
];

/** For people: the key as it is written on it. */
export const shownKey = ({ shown, keys }: Command): string | undefined => shown ?? keys[0];

function toggleDensity(): void {
  void changeSettings({ density: view().density === "compact" ? "comfortable" : "compact" });
}
