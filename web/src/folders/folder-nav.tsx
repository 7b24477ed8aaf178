import { useQuery } from "@tanstack/react-query";
import {
  Archive,
  File,
  Flag,
  FolderIcon,
  Inbox,
  type LucideIcon,
  Mails,
  MailWarning,
  Send,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import { addressOf } from "../app/place.ts";
import { usePlace } from "../app/use-place.ts";
import { WriteButton } from "../composing/write-button.tsx";
import { SavedSearches } from "../searching/saved-searches.tsx";
import styles from "./folder-nav.module.css";
import { foldersQuery } from "./queries.ts";
import { useFolderName } from "./use-folder-name.ts";

const ICONS: Record<FolderRole, LucideIcon> = {
  inbox: Inbox,
  archive: Archive,
  drafts: File,
  flagged: Flag,
  junk: MailWarning,
  sent: Send,
  trash: Trash2,
  all: Mails,
};

export function FolderNav() {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  return (
    <nav aria-label={t("folders.label")} className={styles.nav}>
      <WriteButton />
      <ul>
        {folders.map((folder) => (
          <li key={folder.id}>
            <FolderLink folder={folder} />
          </li>
        ))}
      </ul>
      <SavedSearches />
    </nav>
  );
}

function FolderLink({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const [place] = usePlace();
  const nameOf = useFolderName();
  const { role, id, unread } = folder;
  const isHere = place.screen === "folder" && (place.folder === role || place.folder === id);
  // Counted where mail is read: a number beside Sent or Trash would only ask for attention.
  const isCounted = unread > 0 && (role === null || role === "inbox" || role === "junk");
  const Icon = role === null ? FolderIcon : ICONS[role];
  return (
    <Link
      href={addressOf({ screen: "folder", folder: role ?? id, opened: null })}
      aria-current={isHere ? "page" : undefined}
      className={`${styles.folder} ${isCounted ? styles.unread : ""}`}
    >
      <Icon aria-hidden />
      <span className={styles.name}>{nameOf(folder)}</span>
      {isCounted && (
        <span className={styles.count}>
          {unread}
          <span className="visually-hidden"> {t("folders.unread")}</span>
        </span>
      )}
    </Link>
  );
}
