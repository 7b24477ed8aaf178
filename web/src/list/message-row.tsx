import { BellOff, Clock, Paperclip, Star } from "lucide-react";
import { type ChangeEvent, type DragEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Address } from "../../../contract/addresses.ts";
import { dragRows } from "../acting/drag.ts";
import { onTargets } from "../acting/targets.ts";
import { addressOf, type ListPlace, type Opened } from "../app/place.ts";
import { longDate, shortDate } from "../language/dates.ts";
import { shownName } from "../language/names.ts";
import { keyboardGoesTo } from "../reading/keyboard-goes-in.ts";
import { prefetch } from "../reading/prefetch.ts";
import { SenderPicture } from "../reading/sender-picture.tsx";
import { rowKey } from "./list-cache.ts";
import type { ListedMessage, ListSource } from "./list-source.ts";
import { Marked } from "./marked.tsx";
import styles from "./message-row.module.css";
import { extendTo, goToRow, toggleRow, useSelection } from "./selection.ts";
import { rowId, useShownList } from "./shown-list.ts";

interface Row {
  message: ListedMessage;
  /** The list with nothing opened: the same for as long as it is on the screen, so that opening one draws two rows anew. */
  list: ListPlace;
  isOpen: boolean;
  source: ListSource;
  /** Its recipients are shown, not its sender. */
  isOutgoing: boolean;
  isCompact: boolean;
}

/** What pressing a row opens. */
export const openedBy = ({ id, thread_id }: ListedMessage, source: ListSource): Opened =>
  source.kind === "folder" && source.collapsed ? { kind: "thread", id: thread_id } : { kind: "message", id };

/** The name that somebody gave himself, or his address. */
export const shortName = (address: Address | null): string => shownName(address?.name ?? "") || address?.email || "";

export const MessageRow = memo(function MessageRow({ message, list, isOpen, source, isOutgoing, isCompact }: Row) {
  const { t, i18n } = useTranslation();
  const { from, to, subject, preview, received_at, is_flagged, has_attachment, thread, snippet } = message;
  const key = rowKey(message);
  const isSelected = useSelection(({ selected, isAll }) => isAll || selected.has(key));
  const isCurrent = useSelection(({ current }) => current === key);
  const isUnread = thread === undefined ? !message.is_read : thread.unread > 0;
  const opened = openedBy(message, source);
  const date = new Date(received_at);
  const who = isOutgoing ? t("list.to", { names: to.map(shortName).join(", ") }) : shortName(from) || t("app.noSender");
  const title = subject || t("app.noSubject");
  return (
    <div
      className={styles.row}
      data-unread={isUnread}
      data-open={isOpen}
      data-selected={isSelected}
      data-current={isCurrent}
    >
      <label className={styles.picture}>
        <input
          type="checkbox"
          className={styles.check}
          aria-label={t("list.select", { subject: title })}
          checked={isSelected}
          onChange={(event) => select(event, key)}
        />
        <SenderPicture sender={isOutgoing ? (to[0] ?? null) : from} isSmall={isCompact} />
      </label>
      <Link
        id={rowId(key)}
        href={addressOf({ ...list, opened })}
        className={styles.link}
        aria-current={isOpen ? "true" : undefined}
        onDragStart={(event: DragEvent) => dragRows(event, message)}
        onFocus={() => goToRow(key)}
        // Most of a tenth of a second before it is let go. A finger may be about to scroll.
        onPointerDown={({ pointerType, button }) =>
          pointerType === "mouse" && button === 0 && prefetch(message, opened)
        }
        onClick={({ detail }) => {
          prefetch(message, opened);
          // With Enter: no pointer pressed it.
          if (detail === 0) keyboardGoesTo(opened.id);
        }}
      >
        {isUnread && <span className="visually-hidden">{t("list.unread")} </span>}
        <span className={styles.who}>
          <bdi>{who}</bdi>
          {thread !== undefined && thread.total > 1 && <span className={styles.count}> {thread.total}</span>}
        </span>{" "}
        <span dir="auto" className={styles.subject}>
          {snippet ? <Marked {...snippet.subject} /> : title}
        </span>{" "}
        <span dir="auto" className={styles.preview}>
          {snippet ? <Marked {...snippet.body} /> : preview}
        </span>
      </Link>
      <span className={styles.aside}>
        {thread?.is_muted && <BellOff role="img" aria-label={t("list.muted")} className={styles.mark} />}
        {message.snoozed_until && <Clock role="img" aria-label={t("list.snoozed")} className={styles.mark} />}
        {has_attachment && <Paperclip role="img" aria-label={t("list.attachment")} className={styles.mark} />}
        <time dateTime={received_at} title={longDate(date, i18n.language)}>
          {shortDate(date, new Date(), i18n.language)}
        </time>
        <button
          type="button"
          className={styles.star}
          aria-label={t("actions.star")}
          aria-pressed={is_flagged}
          onClick={() => void onTargets(is_flagged ? "unstar" : "star", { kind: "rows", rows: [message] })}
        >
          <Star />
        </button>
      </span>
    </div>
  );
});

/** With Shift, all from the last one that was selected. */
function select({ nativeEvent }: ChangeEvent, key: string): void {
  const isRange = "shiftKey" in nativeEvent && nativeEvent.shiftKey === true;
  if (isRange) extendTo(key, useShownList.getState().messages.map(rowKey));
  else toggleRow(key);
}
