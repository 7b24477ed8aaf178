/** How the client looks and behaves, the same on every device of its owner. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Settings } from "../../../contract/settings.ts";
import { LANGUAGES } from "../language/i18n.ts";
import { NotificationsSwitch } from "./notifications-switch.tsx";
import { Choice, OnOff } from "./setting.tsx";
import { changeSettings, settingsQuery } from "./settings-query.ts";
import { TimeZoneChoice } from "./time-zone-choice.tsx";

export function GeneralSettings() {
  const { data: settings } = useQuery(settingsQuery);
  if (settings === undefined) return null;
  return (
    <>
      <Appearance settings={settings} />
      <ReadingSettings settings={settings} />
      <KeepingSettings settings={settings} />
    </>
  );
}

/** The words of `values`, in this order, for a choice. */
function useOptions() {
  const { t } = useTranslation();
  return {
    theme: (["system", "light", "dark"] as const).map((value) => [value, t(`settings.theme.${value}`)] as const),
    density: (["comfortable", "compact"] as const).map((value) => [value, t(`settings.density.${value}`)] as const),
    pane: (["right", "below", "off"] as const).map((value) => [value, t(`settings.readingPane.${value}`)] as const),
    images: (["ask", "always", "never"] as const).map((value) => [value, t(`settings.images.${value}`)] as const),
  };
}

function Appearance({ settings: { language, time_zone, theme, density } }: { settings: Settings }) {
  const { t } = useTranslation();
  const options = useOptions();
  return (
    <>
      <Choice
        label={t("settings.language")}
        value={language ?? "browser"}
        options={[["browser", t("settings.asBrowser")], ...languageOptions]}
        onChange={(value) => void changeSettings({ language: value === "browser" ? null : value })}
      />
      <TimeZoneChoice zone={time_zone} />
      <Choice
        label={t("settings.theme.label")}
        value={theme}
        options={options.theme}
        onChange={(value) => void changeSettings({ theme: value })}
      />
      <Choice
        label={t("settings.density.label")}
        value={density}
        options={options.density}
        onChange={(value) => void changeSettings({ density: value })}
      />
    </>
  );
}

const languageOptions = [
  ["en", LANGUAGES.en],
  ["de", LANGUAGES.de],
  ["zh", LANGUAGES.zh],
] as const;

function ReadingSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const options = useOptions();
  const { reading_pane, conversations, remote_images, mark_read_seconds, keyboard_shortcuts, notifications } = settings;
  const seconds = [0, 2, 5, 20].map(
    (value) => [String(value), t("settings.markRead.after", { count: value })] as const,
  );
  return (
    <>
      <Choice
        label={t("settings.readingPane.label")}
        value={reading_pane}
        options={options.pane}
        onChange={(value) => void changeSettings({ reading_pane: value })}
      />
      <OnOff
        label={t("settings.conversations")}
        value={conversations}
        onChange={(value) => void changeSettings({ conversations: value })}
      />
      <Choice
        label={t("settings.images.label")}
        hint={t("settings.images.hint")}
        value={remote_images}
        options={options.images}
        onChange={(value) => void changeSettings({ remote_images: value })}
      />
      <Choice
        label={t("settings.markRead.label")}
        value={mark_read_seconds === null ? "never" : String(mark_read_seconds)}
        options={[...seconds, ["never", t("settings.markRead.never")]]}
        onChange={(value) => void changeSettings({ mark_read_seconds: value === "never" ? null : Number(value) })}
      />
      <OnOff
        label={t("settings.shortcuts")}
        hint={t("settings.shortcutsHint")}
        value={keyboard_shortcuts}
        onChange={(value) => void changeSettings({ keyboard_shortcuts: value })}
      />
      <NotificationsSwitch isWanted={notifications} />
    </>
  );
}

function KeepingSettings({ settings: { undo_seconds, trash_days, junk_days } }: { settings: Settings }) {
  const { t } = useTranslation();
  const undo = [0, 5, 10, 20, 30].map(
    (value) => [String(value), t("settings.undo.seconds", { count: value })] as const,
  );
  const days = [7, 30, 90, 365].map((value) => [String(value), t("settings.keep.days", { count: value })] as const);
  const keep = [...days, ["never", t("settings.keep.always")] as const];
  const daysOf = (value: string) => (value === "never" ? null : Number(value));
  return (
    <>
      <Choice
        label={t("settings.undo.label")}
        value={String(undo_seconds)}
        options={undo}
        onChange={(value) => void changeSettings({ undo_seconds: Number(value) })}
      />
      <Choice
        label={t("settings.keep.trash")}
        value={String(trash_days ?? "never")}
        options={keep}
        onChange={(value) => void changeSettings({ trash_days: daysOf(value) })}
      />
      <Choice
        label={t("settings.keep.junk")}
        value={String(junk_days ?? "never")}
        options={keep}
        onChange={(value) => void changeSettings({ junk_days: daysOf(value) })}
      />
    </>
  );
}
