/** Rows that are dragged onto a folder: the one under the pointer, or all that are selected where it is one of them. */
import type { DragEvent } from "react";
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import { i18n } from "../language/i18n.ts";
import { rowKey } from "../list/list-cache.ts";
import type { ListedMessage } from "../list/list-source.ts";
import { useSelection } from "../list/selection.ts";
import { selectedRows } from "../list/shown-list.ts";
import styles from "./drag.module.css";
import { carryOutOn, type Targets, targetsNow, verbsNow } from "./targets.ts";
import type { Verb } from "./verbs.ts";

/** Nothing of the mail goes into what is dragged: it may be dropped on another program. */
const TYPE = "application/x-mailmesh-messages";
let dragged: Targets | null = null;

export function dragRows(event: DragEvent, row: ListedMessage): void {
  const { selected, isAll } = useSelection.getState();
  const isOneOfMany = isAll || selected.has(rowKey(row));
  dragged = isOneOfMany ? targetsNow() : { kind: "rows", rows: [row] };
  event.dataTransfer.clearData();
  event.dataTransfer.setData(TYPE, "");
  event.dataTransfer.effectAllowed = "copyMove";
  showCount(event, isAll ? null : isOneOfMany ? selectedRows().length : 1);
}

/** A small note under the pointer in place of a picture of the row. */
function showCount(event: DragEvent, count: number | null): void {
  const note = document.createElement("div");
  note.className = styles.note ?? "";
  note.textContent = count === null ? i18n.t("list.allSelected") : i18n.t("list.dragged", { count });
  document.body.append(note);
  event.dataTransfer.setDragImage(note, -8, -8);
  setTimeout(() => note.remove());
}

/** Own folders and places take what is dragged; what is only a view does not. */
const takes = ({ role }: Folder): boolean => role !== "all" && role !== "drafts" && role !== "sent";

/** For the element that is a folder. With Ctrl it becomes a label more. */
export const dropOn = (folder: Folder, setOver: (isOver: boolean) => void) => ({
  onDragOver(event: DragEvent) {
    if (dragged === null || !event.dataTransfer.types.includes(TYPE) || !takes(folder)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isLabelling(event, folder) ? "copy" : "move";
    setOver(true);
  },
  onDragLeave: () => setOver(false),
  onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const targets = dragged;
    dragged = null;
    if (targets) void drop(targets, folder, isLabelling(event, folder));
  },
});

const isLabelling = (event: DragEvent, { role }: Folder): boolean => role === null && (event.ctrlKey || event.altKey);

function drop(targets: Targets, { role, id }: Folder, isLabel: boolean): Promise<void> {
  const all = verbsNow();
  if (role === null) return carryOutOn(targets, isLabel ? all.label(id, true) : all.moveTo(id));
  const byRole: Partial<Record<FolderRole, Verb>> = {
    ...{ inbox: all.toInbox, archive: all.archive, trash: all.delete, junk: all.junk, flagged: all.star },
  };
  const verb = byRole[role];
  return verb ? carryOutOn(targets, verb) : Promise.resolve();
}
