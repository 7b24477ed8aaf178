/** The mail of whoever is signed in: folders, a list, and what is opened of it. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQueuedUpdates } from "../acting/use-queued-updates.ts";
import { folderAt } from "../folders/folder-at.ts";
import { FolderNav } from "../folders/folder-nav.tsx";
import { foldersQuery } from "../folders/queries.ts";
import { MessageList } from "../list/message-list.tsx";
import { useLiveMail } from "../live/use-live-mail.ts";
import { Reading } from "../reading/reading.tsx";
import styles from "./mail-screen.module.css";
import { TopBar } from "./top-bar.tsx";
import { usePlace } from "./use-place.ts";

export function MailScreen() {
  useLiveMail();
  useQueuedUpdates();
  useUnreadInTitle();
  const [place] = usePlace();
  const opened = place.screen === "folder" || place.screen === "search" ? place.opened : null;
  return (
    <div className={styles.screen} data-reading={opened !== null}>
      <TopBar />
      <FolderNav />
      <MessageList />
      <main className={styles.reading} aria-live="off">
        {opened && <Reading key={opened.id} opened={opened} />}
      </main>
    </div>
  );
}

function useUnreadInTitle(): void {
  const { data: folders } = useQuery(foldersQuery);
  const { t } = useTranslation();
  const unread = folderAt(folders, "inbox")?.unread ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? t("app.title.unread", { unread }) : "Mailmesh";
  }, [unread, t]);
}
