/** The mail of whoever is signed in: folders, a list, and what is opened of it. */

import { useQuery } from "@tanstack/react-query";
import { lazy, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { SheetHost } from "../acting/sheet-host.tsx";
import { useQueuedUpdates } from "../acting/use-queued-updates.ts";
import { ComposersDock } from "../composing/composers-dock.tsx";
import { afterPaint } from "../design/after-paint.ts";
import { Part } from "../design/part.tsx";
import { folderAt } from "../folders/folder-at.ts";
import { FolderNav } from "../folders/folder-nav.tsx";
import { foldersQuery } from "../folders/queries.ts";
import { useReadingPane } from "../list/list-view.ts";
import { MessageList } from "../list/message-list.tsx";
import { useShownList } from "../list/shown-list.ts";
import { useLiveMail } from "../live/use-live-mail.ts";
import { keepSpare } from "../reading/spare-frame.ts";
import { useSettingsEverywhere } from "../settings/use-settings-everywhere.ts";
import { usePlace } from "./address-bar.ts";
import styles from "./mail-screen.module.css";
import type { Opened } from "./place.ts";
import { MAIN, SkipLinks } from "./skip-links.tsx";
import { TopBar } from "./top-bar.tsx";

const SettingsScreen = lazy(() => import("../settings/settings-screen.tsx"));
/** Not for the first screen, and there before somebody has chosen what to read. */
const loadReading = () => import("../reading/reading.tsx");
const Reading = lazy(loadReading);

export function MailScreen() {
  const { t } = useTranslation();
  useLiveMail();
  useQueuedUpdates();
  useUnreadInTitle();
  useSettingsEverywhere();
  const place = usePlace();
  const opened = place.screen === "folder" || place.screen === "search" ? place.opened : null;
  const inPane = useInPane(opened);
  const pane = useReadingPane();
  const hasRows = useShownList(({ messages }) => messages.length > 0);
  useEffect(() => {
    // If it fails, whoever opens something is told.
    const load = () => loadReading().then(keepSpare, () => {});
    const timer = setTimeout(load, 500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.screen} data-reading={opened !== null} data-pane={pane}>
      <SkipLinks hasList={place.screen !== "settings"} hasMain={place.screen === "settings" || opened !== null} />
      <TopBar />
      <FolderNav />
      {place.screen === "settings" ? (
        <main id={MAIN} tabIndex={-1} className={styles.whole}>
          <Part>
            <SettingsScreen section={place.section} />
          </Part>
        </main>
      ) : (
        <>
          <MessageList />
          <main id={MAIN} tabIndex={-1} className={styles.reading}>
            <Part key={inPane?.id}>{inPane && <Reading opened={inPane} />}</Part>
            {inPane === null && hasRows && pane !== "off" && <p className={styles.nothing}>{t("reading.nothing")}</p>}
          </main>
        </>
      )}
      <ComposersDock />
      <SheetHost />
    </div>
  );
}

/** What is closed goes from the page after the row that went with it has: taking its frames away takes longer than all else. */
function useInPane(opened: Opened | null): Opened | null {
  const [last, setLast] = useState(opened);
  if (opened !== null && opened !== last) setLast(opened);
  useEffect(() => {
    if (opened === null) afterPaint(() => setLast((now) => (now === last ? null : now)));
  }, [opened, last]);
  return opened ?? last;
}

function useUnreadInTitle(): void {
  const { data: folders } = useQuery(foldersQuery);
  const { t } = useTranslation();
  const unread = folderAt(folders, "inbox")?.unread ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? t("app.title.unread", { unread }) : "Mailmesh";
  }, [unread, t]);
}
