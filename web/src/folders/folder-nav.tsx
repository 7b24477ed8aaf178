/** Folders, those with a role first, then the reader's own as the tree that they are. Rows of a list are dropped on them. */
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Folder } from "../../../contract/folders.ts";
import { dropOn } from "../acting/drag.ts";
import { useListPlace } from "../app/address-bar.ts";
import { addressOf } from "../app/place.ts";
import { WriteButton } from "../composing/write-button.tsx";
import { IconButton } from "../design/button.tsx";
import { Part } from "../design/part.tsx";
import { SavedSearches } from "../searching/saved-searches.tsx";
import { folderIcon } from "./folder-icon.tsx";
import { FolderMenu, type FolderTask } from "./folder-menu.tsx";
import styles from "./folder-nav.module.css";
import { foldersQuery } from "./queries.ts";
import { useFolderName } from "./use-folder-name.ts";

const FolderDialog = lazy(() => import("./folder-dialog.tsx"));

export const FolderNav = memo(function FolderNav() {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const [task, setTask] = useState<FolderTask | null>(null);
  const own = folders.filter(({ role }) => role === null);
  return (
    <nav aria-label={t("folders.label")} className={styles.nav}>
      <WriteButton />
      <ul>
        {folders
          .filter(({ role }) => role !== null)
          .map((folder) => (
            <li key={folder.id} className={styles.item}>
              <FolderLink folder={folder} />
            </li>
          ))}
      </ul>
      <section aria-labelledby="own-folders" className={styles.own}>
        <header className={styles.heading}>
          <h2 id="own-folders">{t("folders.own")}</h2>
          <IconButton label={t("folders.make")} onClick={() => setTask({ kind: "make", parent: null })}>
            <Plus />
          </IconButton>
        </header>
        <Branch folders={own} parent={null} onTask={setTask} />
      </section>
      <SavedSearches />
      {task && (
        <Part>
          <FolderDialog task={task} onClose={() => setTask(null)} />
        </Part>
      )}
    </nav>
  );
});

interface BranchProps {
  folders: readonly Folder[];
  parent: Folder | null;
  onTask(task: FolderTask): void;
}

/** The folders in one, by name. One whose parent has a role is at the top here. */
function Branch({ folders, parent, onTask }: BranchProps) {
  const { i18n } = useTranslation();
  const isHere = ({ parent_id }: Folder) =>
    parent === null ? !folders.some(({ id }) => id === parent_id) : parent_id === parent.id;
  const here = folders.filter(isHere).toSorted((a, b) => a.name.localeCompare(b.name, i18n.language));
  if (here.length === 0) return null;
  return (
    <ul className={parent === null ? undefined : styles.branch}>
      {here.map((folder) => (
        <li key={folder.id}>
          <div className={styles.item}>
            <FolderLink folder={folder} />
            <FolderMenu folder={folder} onTask={onTask} />
          </div>
          <Branch folders={folders} parent={folder} onTask={onTask} />
        </li>
      ))}
    </ul>
  );
}

function FolderLink({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const place = useListPlace();
  const nameOf = useFolderName();
  const [isOver, setOver] = useState(false);
  const { role, id, unread } = folder;
  const isHere = place?.screen === "folder" && (place.folder === role || place.folder === id);
  // Counted where mail is read: a number beside Sent or Trash would only ask for attention.
  const isCounted = unread > 0 && (role === null || role === "inbox" || role === "junk");
  const Icon = folderIcon(folder);
  return (
    <Link
      href={addressOf({ screen: "folder", folder: role ?? id, opened: null })}
      aria-current={isHere ? "page" : undefined}
      className={`${styles.folder} ${isCounted ? styles.unread : ""}`}
      data-over={isOver}
      {...dropOn(folder, setOver)}
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
