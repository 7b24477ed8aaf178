/**
 * Where the keyboard goes when something is opened, and when it is closed again. Who opens it with a key reads on with
 * that key's hand; who points, or goes through the list with j and k, stays where they are.
 */
import { useLayoutEffect, useState } from "react";
import { useReadingPane } from "../list/list-view.ts";
import { useSelection } from "../list/selection.ts";
import { rowId } from "../list/shown-list.ts";

let wanted: string | null = null;

/** The next that is opened, of this id, takes the keyboard. */
export const keyboardGoesTo = (id: string): void => {
  wanted = id;
};

/** Whether what was just opened takes it: it was asked to, or the list that had it is covered. */
export function useTakesKeyboard(id: string): boolean {
  const isCovering = useReadingPane() === "off";
  const [takes] = useState(() => wanted === id || isCovering);
  useLayoutEffect(() => {
    wanted = null;
  }, []);
  return takes;
}

/** Back to the row, where what had the keyboard is gone. */
export function useKeyboardGoesBack(): void {
  useLayoutEffect(
    () => () => {
      requestAnimationFrame(() => {
        const { current } = useSelection.getState();
        if (document.activeElement !== document.body || current === null) return;
        document.getElementById(rowId(current))?.focus({ preventScroll: true });
      });
    },
    [],
  );
}
