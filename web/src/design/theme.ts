/** Light or dark, as the reader chose for this browser, or as the system has it. */
import { create } from "zustand";
import { remembered, rememberWord } from "../keeping/remembered.ts";

export type Theme = "system" | "light" | "dark";
const KEY = "mailmesh.theme";
const isTheme = (text: string | null): text is Theme => text === "system" || text === "light" || text === "dark";
const stored = remembered(KEY);

export const useTheme = create<{ theme: Theme; set(theme: Theme): void }>((set) => ({
  theme: isTheme(stored) ? stored : "system",
  set(theme) {
    rememberWord(KEY, theme);
    set({ theme });
  },
}));

export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const { theme } = useTheme.getState();
    document.documentElement.dataset.theme = theme === "system" ? (system.matches ? "dark" : "light") : theme;
  };
  system.addEventListener("change", show);
  useTheme.subscribe(show);
  show();
}
