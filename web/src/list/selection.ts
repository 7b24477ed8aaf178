/** Which rows of the list on the screen are selected, and at which one the keyboard is. */
import { create } from "zustand";

interface Selection {
  /** By what `rowKey` calls them. */
  selected: ReadonlySet<string>;
  /** All that the folder holds, or the search finds, and not only what was scrolled to. */
  isAll: boolean;
  /** Where a range begins. */
  anchor: string | null;
  /** The row that the keyboard is at. */
  current: string | null;
}

const NONE: ReadonlySet<string> = new Set();
export const useSelection = create<Selection>(() => ({ selected: NONE, isAll: false, anchor: null, current: null }));

export const clearSelection = (): void => useSelection.setState({ selected: NONE, isAll: false, anchor: null });
export const forgetSelection = (): void =>
  useSelection.setState({ selected: NONE, isAll: false, anchor: null, current: null });
export const goToRow = (current: string | null): void => useSelection.setState({ current });
export const selectAllMatching = (): void => useSelection.setState({ isAll: true });
export const selectRows = (keys: Iterable<string>): void =>
  useSelection.setState({ selected: new Set(keys), isAll: false, anchor: null });

export function toggleRow(key: string): void {
  useSelection.setState(({ selected }) => {
    const now = new Set(selected);
    if (!now.delete(key)) now.add(key);
    return { selected: now, isAll: false, anchor: key, current: key };
  });
}

/** From where the last one was selected to here: as that one is. */
export function extendTo(key: string, order: readonly string[]): void {
  const { anchor, selected } = useSelection.getState();
  const [from, to] = [order.indexOf(anchor ?? key), order.indexOf(key)];
  if (from === -1 || to === -1) {
    toggleRow(key);
    return;
  }
  const isOn = selected.has(anchor ?? key) || anchor === null;
  const now = new Set(selected);
  for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (isOn) now.add(one);
    else now.delete(one);
  }
  useSelection.setState({ selected: now, isAll: false, anchor: key, current: key });
}
