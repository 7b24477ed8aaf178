/** The messages of a folder or a search. However many there are, only the rows in view are on the page. */
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { Unreachable } from "../api/call.ts";
import { useListPlace, usePlace } from "../app/address-bar.ts";
import { INBOX } from "../app/place.ts";
import { useFolderName } from "../folders/use-folder-name.ts";
import { NothingFound } from "../searching/nothing-found.tsx";
import { SearchChips } from "../searching/search-chips.tsx";
import { EmptyInbox } from "./empty-inbox.tsx";
import { ListHeader } from "./list-header.tsx";
import type { ListSource } from "./list-source.ts";
import { useListView } from "./list-view.ts";
import styles from "./message-list.module.css";
import { MessageRow, openedBy } from "./message-row.tsx";
import { listQuery } from "./queries.ts";
import { LIST_NAME } from "./shown-list.ts";
import { useAnnounceList } from "./use-announce-list.ts";
import { useListSource } from "./use-list-source.ts";
import { useLook } from "./use-look.ts";
import { useRows } from "./use-rows.ts";
import { useShown } from "./use-shown.ts";

export const MessageList = memo(function MessageList() {
  const { t } = useTranslation();
  const { source, folder, isMissing } = useListSource();
  const nameOf = useFolderName();
  const density = useListView((state) => state.density);
  const name = source?.kind === "search" ? t("search.heading", { q: source.q }) : folder ? nameOf(folder) : "";
  return (
    <section className={styles.list} aria-labelledby={LIST_NAME}>
      <ListHeader name={name} source={source} folder={folder} />
      {isMissing && (
        <p role="alert" className={styles.note}>
          {t("list.noFolder")}
        </p>
      )}
      {source?.kind === "search" && <SearchChips q={source.q} />}
      {source && <Rows key={`${JSON.stringify(source)} ${density}`} name={name} source={source} folder={folder} />}
    </section>
  );
});

function Nothing({ source, isInbox }: { source: ListSource; isInbox: boolean }) {
  const { t } = useTranslation();
  if (isInbox) return <EmptyInbox />;
  if (source.kind === "search") return <NothingFound q={source.q} />;
  return <p className={styles.empty}>{t("list.empty")}</p>;
}

interface RowsProps {
  name: string;
  source: ListSource;
  folder: Folder | undefined;
}

function Rows({ name, source, folder }: RowsProps) {
  const { t } = useTranslation();
  const list = useListPlace() ?? INBOX;
  const place = usePlace();
  const openId = "opened" in place ? place.opened?.id : undefined;
  const scroller = useRef<HTMLDivElement>(null);
  const { data, error, isPending } = useQuery(listQuery(source));
  const messages = useMemo(() => data?.pages.flatMap((page) => page.messages) ?? [], [data]);
  const { rows, height, reveal } = useRows(scroller, messages);
  useShown({ source, folder, messages, reveal });
  useAnnounceList(name, folder, data);
  const isOutgoing = /^(sent|drafts)$/.test(folder?.role ?? "");
  const isCompact = useListView((state) => state.density === "compact");
  const complaint = useLook(source, data, rows);

  const isComplete = data?.pages.at(-1)?.next_cursor === null;
  const words = data?.pages[0]?.taken_as_words ?? [];
  // What is here is shown, and above it that there is no connection.
  const failed = [error, complaint].find((one) => one && (data === undefined || !(one instanceof Unreachable)));
  return (
    <>
      {words.length > 0 && (
        <p className={styles.note}>{t("search.takenAsWords", { words: words.map(({ text }) => text).join(", ") })}</p>
      )}
      {data?.pages[0]?.is_indexing && <p className={styles.note}>{t("search.indexing")}</p>}
      {failed && (
        <p role="alert" className={styles.note}>
          {failed instanceof Unreachable
            ? t(source.kind === "search" ? "search.needsNetwork" : "list.needsNetwork")
            : failed.message}
        </p>
      )}
      {!isPending && messages.length === 0 && !failed && <Nothing source={source} isInbox={folder?.role === "inbox"} />}
      <div ref={scroller} className={styles.scroller}>
        <ul id="messages" className={styles.rows} style={{ blockSize: height }} aria-busy={isPending}>
          {rows.map(({ index, start, key }) => {
            const message = messages[index];
            if (message === undefined) return null;
            return (
              <li
                key={key}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
                aria-posinset={index + 1}
                aria-setsize={isComplete ? messages.length : -1}
              >
                <MessageRow
                  message={message}
                  list={list}
                  isOpen={openId === openedBy(message, source).id}
                  source={source}
                  isOutgoing={isOutgoing}
                  isCompact={isCompact}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}
