import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageSummary, Thread } from "../../../contract/messages.ts";
import { DraftHere } from "../composing/written-here.tsx";
import { longDate, shortDate } from "../language/dates.ts";
import { shortName } from "../list/message-row.tsx";
import { OpenedMessage } from "./opened-message.tsx";
import { messageQuery } from "./queries.ts";
import styles from "./reading.module.css";

/** Read ones are a line each, but for the newest; unread ones are open. */
export function Conversation({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  // What was unread when the conversation was opened stays open when it has been read.
  const [opened, setOpened] = useState(() => {
    const unread = thread.messages.filter(({ is_read }) => !is_read).map(({ id }) => id);
    return new Set<string>([...unread, ...thread.messages.slice(-1).map(({ id }) => id)]);
  });
  const open = (id: string) => setOpened((before) => new Set([...before, id]));
  const subject = thread.messages[0]?.subject || t("app.noSubject");
  return (
    <article aria-label={subject}>
      <h2 id="subject" tabIndex={-1} className={styles.subject}>
        {subject}
      </h2>
      {thread.messages.map((message) =>
        opened.has(message.id) ? (
          <OneOfMany key={message.id} id={message.id} />
        ) : (
          <FoldedMessage key={message.id} message={message} onOpen={() => open(message.id)} />
        ),
      )}
    </article>
  );
}

function OneOfMany({ id }: { id: string }) {
  const { data: message, error } = useQuery(messageQuery(id));
  if (error) return <p role="alert">{error.message}</p>;
  if (message?.is_draft) return <DraftHere id={message.id} />;
  return message ? <OpenedMessage message={message} isAlone={false} /> : null;
}

function FoldedMessage({ message, onOpen }: { message: MessageSummary; onOpen(): void }) {
  const { t, i18n } = useTranslation();
  const date = new Date(message.received_at);
  return (
    <button type="button" className={styles.folded} onClick={onOpen}>
      <span className={styles.foldedWho}>{shortName(message.from) || t("app.noSender")}</span>
      <span className={styles.foldedPreview}>{message.preview}</span>
      <time dateTime={message.received_at} title={longDate(date, i18n.language)}>
        {shortDate(date, new Date(), i18n.language)}
      </time>
    </button>
  );
}
