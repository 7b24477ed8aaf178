import { Paperclip, Star } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Address } from "../../../contract/addresses.ts";
import { act } from "../acting/act.ts";
import { addressOf, type Place } from "../app/place.ts";
import { longDate, shortDate } from "../language/dates.ts";
import type { ListedMessage, ListSource } from "./list-source.ts";
import { Marked } from "./marked.tsx";
import styles from "./message-row.module.css";

interface Row {
  message: ListedMessage;
  place: Place;
  source: ListSource;
  /** Its recipients are shown, not its sender. */
  isOutgoing: boolean;
}

/** The name that somebody gave himself, or his address. */
export const shortName = (address: Address | null): string => address?.name || address?.email || "";

export const MessageRow = memo(function MessageRow({ message, place, source, isOutgoing }: Row) {
  const { t, i18n } = useTranslation();
  const { id, thread_id, from, to, subject, preview, received_at, is_flagged, has_attachment, thread, snippet } =
    message;
  const isUnread = thread === undefined ? !message.is_read : thread.unread > 0;
  const isThread = source.kind === "folder" && source.collapsed;
  const opened = isThread ? { kind: "thread" as const, id: thread_id } : { kind: "message" as const, id };
  const isOpen = "opened" in place && place.opened?.id === opened.id;
  const here = "opened" in place ? { ...place, opened } : { screen: "folder" as const, folder: "inbox", opened };
  const date = new Date(received_at);
  const who = isOutgoing ? t("list.to", { names: to.map(shortName).join(", ") }) : shortName(from) || t("app.noSender");
  return (
    <div className={styles.row} data-unread={isUnread} data-open={isOpen}>
      <Link id={`row-${id}`} href={addressOf(here)} className={styles.link} aria-current={isOpen ? "true" : undefined}>
        {isUnread && <span className="visually-hidden">{t("list.unread")} </span>}
        <span className={styles.who}>
          {who}
          {thread !== undefined && thread.total > 1 && <span className={styles.count}> {thread.total}</span>}
        </span>{" "}
        <span className={styles.subject}>
          {snippet ? <Marked {...snippet.subject} /> : subject || t("app.noSubject")}
        </span>{" "}
        <span className={styles.preview}>{snippet ? <Marked {...snippet.body} /> : preview}</span>
      </Link>
      <span className={styles.aside}>
        {has_attachment && <Paperclip role="img" aria-label={t("list.attachment")} className={styles.mark} />}
        <time dateTime={received_at} title={longDate(date, i18n.language)}>
          {shortDate(date, new Date(), i18n.language)}
        </time>
        <button
          type="button"
          className={styles.star}
          aria-label={t("actions.star")}
          aria-pressed={is_flagged}
          onClick={() => void act([message], { is_flagged: !is_flagged })}
        >
          <Star />
        </button>
      </span>
    </div>
  );
});
