/** What stands in front of the list while something is chosen: fetched when it is first opened (sheet.tsx). */
import { create } from "zustand";
import type { Targets } from "./targets.ts";

export type Sheet = "palette" | "shortcuts" | "move" | "label" | "snooze" | "go";

interface Sheets {
  sheet: Sheet | null;
  /** What it is about, where that is not what is selected or opened. */
  targets: Targets | null;
  /** What is looked for in it. */
  typed: string;
}

export const useSheets = create<Sheets>(() => ({ sheet: null, targets: null, typed: "" }));
export const openSheet = (sheet: Sheet, targets: Targets | null = null): void =>
  useSheets.setState({ sheet, targets, typed: "" });
export const closeSheet = (): void => useSheets.setState({ sheet: null, targets: null });
export const typeInSheet = (typed: string): void => useSheets.setState({ typed });
