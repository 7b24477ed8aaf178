/** What the settings say of language, time zone, theme and lists, done to the whole page; kept in this browser for its next start. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "../api/keys.ts";
import { useTheme } from "../design/theme.ts";
import { browserLanguage, keepLanguage, speak } from "../language/i18n.ts";
import { keepTimeZone, setTimeZone } from "../language/time-zone.ts";
import { useListView } from "../list/list-view.ts";
import { settingsQuery } from "./settings-query.ts";

export function useSettingsEverywhere(): void {
  const client = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  useEffect(() => {
    if (settings === undefined) return;
    const { language, time_zone, theme, density, conversations, reading_pane, notifications } = settings;
    useTheme.getState().set(theme);
    useListView.getState().set({ density, isCollapsed: conversations, pane: reading_pane });
    document.documentElement.dataset.density = density;
    keepTimeZone(time_zone);
    // What was searched for by days may be something else now.
    if (setTimeZone(time_zone)) void client.invalidateQueries({ queryKey: keys.lists });
    keepLanguage(language);
    void speak(language ?? browserLanguage());
    if (notifications) void import("../announcing/notifications.ts").then((found) => found.readyNotifications());
  }, [settings, client]);
}
