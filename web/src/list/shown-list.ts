/** The list on the screen, for whoever does something with it: keys, the toolbar, what is dragged. */
import { create } from "zustand";
import type { Folder } from "../../../contract/folders.ts";
import { rowKey } from "./list-cache.ts";
import type { ListedMessage, ListSource } from "./list-source.ts";
import { goToRow, useSelection } from "./selection.ts";

export interface ShownList {
  source: ListSource | null;
  folder: Folder | undefined;
  /** As far as it was scrolled. */
  messages: readonly ListedMessage[];
  /** Scrolls to a row, and gives it the keyboard. */
  reveal(n: number): void;
}

export const useShownList = create<ShownList>(() => ({
  source: null,
  folder: undefined,
  messages: [],
  reveal: () => undefined,
}));

/** To the row where the keyboard was last, or the first; to the name of the list where there is none. */
export function focusList(): void {
  const { messages, reveal } = useShownList.getState();
  const { current } = useSelection.getState();
  if (messages.length === 0) document.getElementById(LIST_NAME)?.focus();
  else
    reveal(
      Math.max(
        0,
        messages.findIndex((row) => rowKey(row) === current),
      ),
    );
}

export const LIST_NAME = "list-name";
export const rowId = (key: string): string => `row-${key}`;

export function selectedRows(): ListedMessage[] {
  const { selected } = useSelection.getState();
  return useShownList.getState().messages.filter((row) => selected.has(rowKey(row)));
}

export function currentRow(): ListedMessage | undefined {
  const { current } = useSelection.getState();
  return useShownList.getState().messages.find((row) => rowKey(row) === current);
}

/** The next row, or the one before; the first where the keyboard is at none. Returns it. */
export function step(by: 1 | -1): ListedMessage | undefined {
  const { messages, reveal } = useShownList.getState();
  const { current } = useSelection.getState();
  const at = messages.findIndex((row) => rowKey(row) === current);
  const n = at === -1 ? 0 : Math.min(messages.length - 1, Math.max(0, at + by));
  const row = messages[n];
  if (row === undefined) return undefined;
  goToRow(rowKey(row));
  reveal(n);
  return row;
}

/** Before rows go: the keyboard goes on to the one after them, or before. */
export function stepOff(keys: ReadonlySet<string>): void {
  const { messages } = useShownList.getState();
  const { current } = useSelection.getState();
  const at = messages.findIndex((row) => rowKey(row) === current);
  if (at === -1 || !keys.has(current ?? "")) return;
  const isLeft = (row: ListedMessage) => !keys.has(rowKey(row));
  const next = messages.slice(at).find(isLeft) ?? messages.slice(0, at).findLast(isLeft);
  goToRow(next ? rowKey(next) : null);
  if (next) keyboardTo(rowKey(next));
}

/** Frames for which the row that goes, or a dialog that closes, may still have the keyboard. */
const PATIENCE = 30;

/** The row that goes takes the keyboard's place on the page with it: then another has it. */
function keyboardTo(key: string, frames = PATIENCE): void {
  requestAnimationFrame(() => {
    const { messages, reveal } = useShownList.getState();
    const n = messages.findIndex((row) => rowKey(row) === key);
    if (document.activeElement === document.body) {
      if (n !== -1) reveal(n);
    } else if (frames > 0) keyboardTo(key, frames - 1);
  });
}
