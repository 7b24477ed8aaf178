/** How lists look in this browser. */
import { useSyncExternalStore } from "react";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import { browserWords } from "../keeping/remembered.ts";

export type ReadingPane = "right" | "below" | "off";

interface ListView {
  /** By conversation, or flat. */
  isCollapsed: boolean;
  density: "comfortable" | "compact";
  /** Where what is opened is read; "off" is in place of the list. */
  pane: ReadingPane;
  set(view: Partial<Omit<ListView, "set">>): void;
}

export const useListView = create<ListView>()(
  persist((set) => ({ isCollapsed: true, density: "comfortable", pane: "right", set }), {
    name: "mailmesh.list",
    storage: createJSONStorage(() => browserWords),
  }),
);

/** Beside its list a message has no room on a narrow screen (70rem). */
const narrow = matchMedia("(max-width: 70rem)");
const onNarrow = (tell: () => void) => {
  narrow.addEventListener("change", tell);
  return () => narrow.removeEventListener("change", tell);
};

/** Where it is read on this screen. */
export function useReadingPane(): ReadingPane {
  const isNarrow = useSyncExternalStore(onNarrow, () => narrow.matches);
  const pane = useListView((state) => state.pane);
  return isNarrow ? "off" : pane;
}
