/** Above a list: its name and how much is in it; or, where rows are selected, what can be done with them. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { useProgress } from "../acting/on-all.ts";
import { SelectionToolbar } from "../acting/selection-toolbar.tsx";
import { Button } from "../design/button.tsx";
import { rowKey } from "./list-cache.ts";
import styles from "./list-header.module.css";
import type { ListSource } from "./list-source.ts";
import { listQuery } from "./queries.ts";
import { clearSelection, selectAllMatching, selectRows, useSelection } from "./selection.ts";
import { LIST_NAME, useShownList } from "./shown-list.ts";

interface ListHeaderProps {
  name: string;
  source: ListSource | null;
  folder: Folder | undefined;
}

export function ListHeader({ name, source, folder }: ListHeaderProps) {
  const { t } = useTranslation();
  const isSelecting = useSelection(({ selected, isAll }) => isAll || selected.size > 0);
  const progress = useProgress((state) => state.progress);
  const isEmpty = folder?.total === 0;
  return (
    <>
      <header className={styles.header} data-selecting={isSelecting}>
        <SelectShown isEmpty={isEmpty} />
        <h1 id={LIST_NAME} tabIndex={-1} className={isSelecting ? "visually-hidden" : styles.name}>
          {name}
        </h1>
        {isSelecting && <SelectionToolbar />}
        {!isSelecting && folder && !isEmpty && (
          <span className={styles.total}>{t("list.total", { count: folder.total })}</span>
        )}
        {!isSelecting && source?.kind === "search" && <FoundTotal source={source} />}
      </header>
      {isSelecting && source && <MoreThanShown source={source} folder={folder} name={name} />}
      {progress && (
        <div role="status" className={styles.bar}>
          <span>
            {progress.total === null
              ? t("list.progress.done", { count: progress.done })
              : t("list.progress.of", { count: progress.done, total: Math.max(progress.done, progress.total) })}
          </span>
          {progress.total !== null && (
            <progress max={Math.max(progress.done, progress.total)} value={progress.done} className={styles.progress} />
          )}
          <Button kind="quiet" onClick={progress.cancel}>
            {t("list.progress.cancel")}
          </Button>
        </div>
      )}
    </>
  );
}

/** All that was scrolled to, or none. */
function SelectShown({ isEmpty }: { isEmpty: boolean }) {
  const { t } = useTranslation();
  const messages = useShownList((state) => state.messages);
  const count = useSelection(({ selected }) => selected.size);
  const isAll = useSelection((state) => state.isAll);
  const isEvery =
    isAll || (messages.length > 0 && messages.every((row) => useSelection.getState().selected.has(rowKey(row))));
  return (
    <input
      type="checkbox"
      className={styles.check}
      hidden={isEmpty}
      aria-label={t("list.selectShown")}
      title={t("list.selectShown")}
      disabled={messages.length === 0}
      checked={isEvery}
      ref={(box) => {
        if (box) box.indeterminate = count > 0 && !isEvery;
      }}
      onChange={() => (isEvery ? clearSelection() : selectRows(messages.map(rowKey)))}
    />
  );
}

/** Where all rows that were scrolled to are selected, and there are others. */
function MoreThanShown({ source, folder, name }: { source: ListSource; folder: Folder | undefined; name: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(listQuery(source));
  const messages = useShownList((state) => state.messages);
  const { selected, isAll } = useSelection();
  if (isAll) {
    return (
      <p role="status" className={styles.bar}>
        {t("list.allSelectedIn", { name })}
        <Button kind="quiet" onClick={clearSelection}>
          {t("list.clear")}
        </Button>
      </p>
    );
  }
  const isMore = data?.pages.at(-1)?.next_cursor !== null;
  if (!isMore || selected.size < messages.length) return null;
  return (
    <p role="status" className={styles.bar}>
      {t("list.shownSelected", { count: selected.size })}
      <Button kind="quiet" onClick={selectAllMatching}>
        {folder ? t("list.selectAllIn", { count: folder.total, name }) : t("list.selectAllFound")}
      </Button>
    </p>
  );
}

function FoundTotal({ source }: { source: ListSource }) {
  const { t } = useTranslation();
  const { data } = useQuery(listQuery(source));
  const total = data?.pages[0]?.estimated_total;
  if (total === undefined) return null;
  const { messages: count, is_exact } = total;
  return <span className={styles.total}>{is_exact ? t("search.found", { count }) : t("search.about", { count })}</span>;
}
