import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import type { ListSource } from "./list-source.ts";
import styles from "./message-list.module.css";
import { listQuery } from "./queries.ts";

export function ListHeader({
  name,
  source,
  folder,
}: {
  name: string;
  source: ListSource | null;
  folder: Folder | undefined;
}) {
  const { t } = useTranslation();
  return (
    <header className={styles.header}>
      <h1 id="list-name" className={styles.name}>
        {name}
      </h1>
      {folder && <span className={styles.total}>{t("list.total", { count: folder.total })}</span>}
      {source?.kind === "search" && <FoundTotal source={source} />}
    </header>
  );
}

function FoundTotal({ source }: { source: ListSource }) {
  const { t } = useTranslation();
  const { data } = useQuery(listQuery(source));
  const total = data?.pages[0]?.estimated_total;
  if (total === undefined) return null;
  const { messages: count, is_exact } = total;
  return (
    <span role="status" className={styles.total}>
      {is_exact ? t("search.found", { count }) : t("search.about", { count })}
    </span>
  );
}
