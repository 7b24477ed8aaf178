/** One message, opened. A stranger wrote all of it: HTML is in a frame, the rest is text, attachments are downloads. */
import { useQuery } from "@tanstack/react-query";
import { lazy, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { AnswerBar } from "../composing/answer-actions.tsx";
import { AnswersHere } from "../composing/written-here.tsx";
import { Part } from "../design/part.tsx";
import { shortName } from "../list/message-row.tsx";
import { settingsQuery } from "../settings/settings-query.ts";
import { Attachments } from "./attachments.tsx";
import { DeliveryStates } from "./delivery-states.tsx";
import { Invitations } from "./invitations.tsx";
import { useTakesKeyboard } from "./keyboard-goes-in.ts";
import { LetterFrame } from "./letter-frame.tsx";
import { markRead } from "./mark-read.ts";
import { MessageActions } from "./message-actions.tsx";
import { MessageHead } from "./message-head.tsx";
import type { View } from "./message-menu.tsx";
import { MessageNotes } from "./message-notes.tsx";
import { PlainText } from "./plain-text.tsx";
import { ReadReceipt } from "./read-receipt.tsx";
import styles from "./reading.module.css";
import { Unsubscribe } from "./unsubscribe.tsx";
import { WhyHere } from "./why-spam.tsx";

const Original = lazy(() => import("./original.tsx"));

interface OpenedMessageProps {
  message: Message;
  /** Its subject is above it, and not that of a conversation. */
  isAlone: boolean;
  /** Nothing is shown with it: what is done to it is done to all there is. */
  isOnly: boolean;
}

export function OpenedMessage({ message, isAlone, isOnly }: OpenedMessageProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("letter");
  const place = useRef<HTMLElement>(null);
  useMarkAsRead(message);
  const takesKeyboard = useTakesKeyboard(message.id);
  useEffect(() => {
    if (isAlone && takesKeyboard) place.current?.focus({ preventScroll: true });
  }, [isAlone, takesKeyboard]);
  return (
    <section
      ref={place}
      id={`message-${message.id}`}
      tabIndex={-1}
      className={styles.message}
      aria-label={t("reading.from", { name: shortName(message.from) || t("app.noSender") })}
    >
      {isAlone && (
        <h2 id="subject" tabIndex={-1} dir="auto" className={styles.subject}>
          {message.subject || t("app.noSubject")}
        </h2>
      )}
      <MessageHead
        message={message}
        actions={<MessageActions message={message} isOnly={isOnly} view={view} onView={setView} place={place} />}
      />
      <WhyHere message={message} />
      <MessageNotes message={message} />
      <ReadReceipt message={message} />
      <Unsubscribe message={message} />
      <DeliveryStates message={message} />
      <Invitations message={message} />
      <Content message={message} view={view} />
      <Attachments message={message} isHtml={view === "letter"} />
      <AnswerBar message={message} />
      <AnswersHere id={message.id} />
    </section>
  );
}

function Content({ message, view }: { message: Message; view: View }) {
  if (view === "original" || view === "headers") {
    return (
      <Part waiting={<div className={styles.waiting} aria-busy />}>
        <Original id={message.id} view={view} />
      </Part>
    );
  }
  if (view === "text" || message.body_html === null) return <PlainText body={message.body} />;
  return <LetterFrame message={message} />;
}

/**
 * Once for each time that it is opened, after so long as the settings say: who marks it as unread while it is open means
 * it.
 */
function useMarkAsRead({ id }: Message): void {
  const { data: settings } = useQuery(settingsQuery);
  const seconds = settings?.mark_read_seconds ?? null;
  const marked = useRef<string>(null);
  useEffect(() => {
    if (seconds === null || marked.current === id) return;
    const mark = () => {
      marked.current = id;
      markRead(id);
    };
    const timer = setTimeout(mark, seconds * 1000);
    return () => clearTimeout(timer);
  }, [id, seconds]);
}
