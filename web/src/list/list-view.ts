/** How lists look in this browser. */
import { create } from "zustand";
import { persist } from "zustand/middleware";

interface ListView {
  /** By conversation, or flat. */
  isCollapsed: boolean;
  density: "comfortable" | "compact";
  set(view: Partial<Omit<ListView, "set">>): void;
}

export const useListView = create<ListView>()(
  persist((set) => ({ isCollapsed: true, density: "comfortable", set }), { name: "mailmesh.list" }),
);
