/** What is opened: a conversation, or one message of it. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { usePlace } from "../app/address-bar.ts";
import { addressOf, INBOX, type Opened } from "../app/place.ts";
import { DraftHere } from "../composing/written-here.tsx";
import { Complaint, isInTheWay } from "./complaint.tsx";
import { Conversation } from "./conversation.tsx";
import { useKeyboardGoesBack } from "./keyboard-goes-in.ts";
import { OpenedMessage } from "./opened-message.tsx";
import { messageQuery, threadQuery } from "./queries.ts";
import styles from "./reading.module.css";

export default function Reading({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const place = usePlace();
  useKeyboardGoesBack();
  const back = "opened" in place ? { ...place, opened: null } : INBOX;
  return (
    <>
      <Link href={addressOf(back)} className={styles.back}>
        <ArrowLeft aria-hidden />
        {t("reading.back")}
      </Link>
      {opened.kind === "thread" ? <OpenedThread id={opened.id} /> : <OneMessage id={opened.id} />}
    </>
  );
}

function OpenedThread({ id }: { id: string }) {
  const { data: thread, error, refetch } = useQuery(threadQuery(id));
  if (isInTheWay(error, thread)) return <Complaint error={error} onRetry={refetch} />;
  return thread ? <Conversation thread={thread} /> : <div className={styles.waiting} aria-busy />;
}

function OneMessage({ id }: { id: string }) {
  const { data: message, error, refetch } = useQuery(messageQuery(id));
  if (isInTheWay(error, message)) return <Complaint error={error} onRetry={refetch} />;
  if (message?.is_draft) return <DraftHere id={message.id} />;
  return message ? <OpenedMessage message={message} isAlone isOnly /> : <div className={styles.waiting} aria-busy />;
}
