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
  // The row that goes takes the keyboard's place on the page with it.
  setTimeout(() => {
    const left = useShownList.getState();
    const n = left.messages.findIndex((row) => next !== undefined && rowKey(row) === rowKey(next));
    if (n !== -1 && document.activeElement === document.body) left.reveal(n);
  });
}
