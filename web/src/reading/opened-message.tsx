/** One message, opened. A stranger wrote all of it: HTML is in a frame, the rest is text, attachments are downloads. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import { act } from "../acting/act.ts";
import { AnswersHere } from "../composing/written-here.tsx";
import { longDate } from "../language/dates.ts";
import { shortName } from "../list/message-row.tsx";
import { Attachments } from "./attachments.tsx";
import { LetterFrame } from "./letter-frame.tsx";
import { MessageActions } from "./message-actions.tsx";
import { submissionQuery } from "./queries.ts";
import styles from "./reading.module.css";

/** With the address, which says more. */
export const fullName = ({ name, email }: Address): string => (name ? `${name} <${email}>` : email);

export function OpenedMessage({ message, isAlone }: { message: Message; isAlone: boolean }) {
  const { t, i18n } = useTranslation();
  const { from, to, cc, subject, received_at, body, body_html, html_note, parse_note } = message;
  useMarkAsRead(message);
  const notes = [
    parse_note === null ? null : t("reading.asItCame", { note: parse_note }),
    html_note === null ? null : t("reading.asText", { note: html_note }),
  ].filter((note) => note !== null);
  return (
    <section className={styles.message} aria-label={t("reading.from", { name: shortName(from) || t("app.noSender") })}>
      {isAlone && (
        <h2 id="subject" tabIndex={-1} className={styles.subject}>
          {subject || t("app.noSubject")}
        </h2>
      )}
      <header className={styles.head}>
        <dl className={styles.facts}>
          <Fact name={t("reading.fields.from")} value={from ? fullName(from) : t("app.noSender")} />
          <Fact name={t("reading.fields.to")} value={to.map(fullName).join(", ")} />
          <Fact name={t("reading.fields.cc")} value={cc.map(fullName).join(", ")} />
          <Fact name={t("reading.fields.date")} value={longDate(new Date(received_at), i18n.language)} />
        </dl>
        <MessageActions message={message} />
      </header>
      {message.warnings.map(({ reason, subject, words }) => (
        <p key={`${reason} ${subject}`} role="note" className={styles.warning}>
          {words}
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      {message.submission_id && <DeliveryStates id={message.submission_id} />}
      {body_html === null ? <div className={styles.text}>{body}</div> : <LetterFrame message={message} />}
      <Attachments message={message} />
      <AnswersHere id={message.id} />
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  if (value === "") return null;
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What became of it at each recipient, in the servers' own words. */
function DeliveryStates({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: submission } = useQuery(submissionQuery(id));
  return (
    <ul className={styles.states} aria-label={t("reading.delivery")}>
      {submission?.recipients.map(({ email, state, reply }) => (
        <li key={email} data-state={state}>
          {email}: {t(`reading.states.${state}`)}
          {reply ? `, ${reply}` : ""}
        </li>
      ))}
    </ul>
  );
}

/** Once for each time that it is opened: who marks it as unread while it is open means it. */
function useMarkAsRead(message: Message): void {
  const marked = useRef<string>(null);
  useEffect(() => {
    if (marked.current === message.id) return;
    marked.current = message.id;
    if (!message.is_read) void act([message], { is_read: true });
  }, [message]);
}
