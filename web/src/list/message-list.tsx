/** The messages of a folder or a search. However many there are, only the rows in view are on the page. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePlace } from "../app/use-place.ts";
import { useFolderName } from "../folders/use-folder-name.ts";
import { SearchChips } from "../searching/search-chips.tsx";
import { EmptyInbox } from "./empty-inbox.tsx";
import { ListHeader } from "./list-header.tsx";
import type { ListSource } from "./list-source.ts";
import { useListView } from "./list-view.ts";
import styles from "./message-list.module.css";
import { MessageRow } from "./message-row.tsx";
import { listQuery } from "./queries.ts";
import { useListSource } from "./use-list-source.ts";

/** Height of a row in pixels, as tokens.css has it in rem. */
const ROW = { comfortable: 72, compact: 36 };
/** So many rows before the end the next page is asked for. */
const AHEAD = 60;

export function MessageList() {
  const { t } = useTranslation();
  const { source, folder } = useListSource();
  const nameOf = useFolderName();
  const density = useListView((state) => state.density);
  const name = source?.kind === "search" ? t("search.heading", { q: source.q }) : folder ? nameOf(folder) : "";
  return (
    <section className={styles.list} aria-labelledby="list-name">
      <ListHeader name={name} source={source} folder={folder} />
      {source?.kind === "search" && <SearchChips q={source.q} />}
      {source && (
        <Rows
          key={`${JSON.stringify(source)} ${density}`}
          source={source}
          rowHeight={ROW[density]}
          isInbox={folder?.role === "inbox"}
          isOutgoing={/^(sent|drafts)$/.test(folder?.role ?? "")}
        />
      )}
    </section>
  );
}

function Nothing({ source, isInbox }: { source: ListSource; isInbox: boolean }) {
  const { t } = useTranslation();
  if (isInbox) return <EmptyInbox />;
  return <p className={styles.empty}>{source.kind === "search" ? t("search.nothing") : t("list.empty")}</p>;
}

interface RowsProps {
  source: ListSource;
  isOutgoing: boolean;
  isInbox: boolean;
  rowHeight: number;
}

function Rows({ source, isOutgoing, isInbox, rowHeight }: RowsProps) {
  const { t } = useTranslation();
  const [place] = usePlace();
  const scroller = useRef<HTMLDivElement>(null);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    listQuery(source),
  );
  const messages = useMemo(() => data?.pages.flatMap((page) => page.messages) ?? [], [data]);
  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (n) => messages[n]?.id ?? n,
    overscan: 12,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > messages.length - AHEAD && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, messages.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const words = data?.pages[0]?.taken_as_words ?? [];
  return (
    <>
      {words.length > 0 && (
        <p role="status" className={styles.note}>
          {t("search.takenAsWords", { words: words.map(({ text }) => text).join(", ") })}
        </p>
      )}
      {data?.pages[0]?.is_indexing && (
        <p role="status" className={styles.note}>
          {t("search.indexing")}
        </p>
      )}
      {error && (
        <p role="alert" className={styles.note}>
          {error.message}
        </p>
      )}
      {!isPending && messages.length === 0 && !error && <Nothing source={source} isInbox={isInbox} />}
      <div ref={scroller} className={styles.scroller}>
        <ul
          id="messages"
          className={styles.rows}
          style={{ blockSize: virtualizer.getTotalSize() }}
          aria-busy={isPending}
        >
          {rows.map(({ index, start, key }) => {
            const message = messages[index];
            if (message === undefined) return null;
            return (
              <li
                key={key}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
                aria-posinset={index + 1}
                aria-setsize={hasNextPage ? -1 : messages.length}
              >
                <MessageRow message={message} place={place} source={source} isOutgoing={isOutgoing} />
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}
