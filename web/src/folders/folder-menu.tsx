import { FolderPlus, MoreVertical, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem } from "../design/menu.tsx";
import styles from "./folder-nav.module.css";

/** What a dialog is open for. */
export type FolderTask =
  | { kind: "make"; parent: Folder | null }
  | { kind: "rename"; folder: Folder }
  | { kind: "delete"; folder: Folder };

export function FolderMenu({ folder, onTask }: { folder: Folder; onTask(task: FolderTask): void }) {
  const { t } = useTranslation();
  return (
    <span className={styles.more}>
      <Menu
        trigger={
          <IconButton label={t("folders.more", { name: folder.name })}>
            <MoreVertical />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil />} onChoose={() => onTask({ kind: "rename", folder })}>
          {t("folders.rename")}
        </MenuItem>
        <MenuItem icon={<FolderPlus />} onChoose={() => onTask({ kind: "make", parent: folder })}>
          {t("folders.makeIn")}
        </MenuItem>
        <MenuItem icon={<Trash2 />} onChoose={() => onTask({ kind: "delete", folder })}>
          {t("folders.delete")}
        </MenuItem>
      </Menu>
    </span>
  );
}
