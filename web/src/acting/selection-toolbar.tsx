/** What can be done with the rows that are selected, and how many they are. */
import { useTranslation } from "react-i18next";
import { useSelection } from "../list/selection.ts";
import { useShownList } from "../list/shown-list.ts";
import { ActionToolbar } from "./action-toolbar.tsx";
import styles from "./selection-toolbar.module.css";
import { targetsNow } from "./targets.ts";

export function SelectionToolbar() {
  const { t } = useTranslation();
  const { selected, isAll } = useSelection();
  const folder = useShownList((state) => state.folder);
  const total = folder?.total;
  const said = isAll
    ? total === undefined
      ? t("list.allSelected")
      : t("list.selected", { count: total })
    : t("list.selected", { count: selected.size });
  return (
    <ActionToolbar
      label={t("actions.label")}
      className={styles.toolbar}
      role={folder?.role ?? null}
      targets={targetsNow}
      isAll={isAll}
    >
      <span className={styles.count} role="status">
        {said}
      </span>
    </ActionToolbar>
  );
}
