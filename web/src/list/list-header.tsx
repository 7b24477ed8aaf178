import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import type { ListSource } from "./list-source.ts";
import styles from "./message-list.module.css";

export function ListHeader({ name, folder }: { name: string; source: ListSource | null; folder: Folder | undefined }) {
  const { t } = useTranslation();
  return (
    <header className={styles.header}>
      <h1 id="list-name" className={styles.name}>
        {name}
      </h1>
      {folder && <span className={styles.total}>{t("list.total", { count: folder.total })}</span>}
    </header>
  );
}
