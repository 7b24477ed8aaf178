/** What the settings say of language, theme and lists, done to the whole page; kept in this browser for its next start. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTheme } from "../design/theme.ts";
import { browserLanguage, keepLanguage, speak } from "../language/i18n.ts";
import { useListView } from "../list/list-view.ts";
import { settingsQuery } from "./settings-query.ts";

export function useSettingsEverywhere(): void {
  const { data: settings } = useQuery(settingsQuery);
  useEffect(() => {
    if (settings === undefined) return;
    const { language, theme, density, conversations, reading_pane } = settings;
    useTheme.getState().set(theme);
    useListView.getState().set({ density, isCollapsed: conversations, pane: reading_pane });
    document.documentElement.dataset.density = density;
    keepLanguage(language);
    void speak(language ?? browserLanguage());
  }, [settings]);
}
