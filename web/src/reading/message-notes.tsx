/** What the reader should know before believing a message, in the reader's language, and how it is shown. */
import { Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import type { Warning, WarningReason } from "../../../contract/warnings.ts";
import styles from "./reading.module.css";

/** What may be meant well, and what hardly is. */
const MILD: ReadonlySet<WarningReason> = new Set(["reply_to_elsewhere", "form", "script"]);

export function MessageNotes({ message: { warnings, parse_note, html_note } }: { message: Message }) {
  const { t } = useTranslation();
  const notes = [
    parse_note === null ? null : t("reading.asItCame", { note: parse_note }),
    html_note === null ? null : t("reading.asText", { note: html_note }),
  ].filter((note) => note !== null);
  return (
    <>
      {warnings.map((warning) => (
        <WarningNote key={`${warning.reason} ${warning.subject}`} warning={warning} />
      ))}
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          <Info aria-hidden />
          {note}
        </p>
      ))}
    </>
  );
}

function WarningNote({ warning: { reason, subject, words } }: { warning: Warning }) {
  const { t } = useTranslation();
  const isMild = MILD.has(reason);
  const Icon = isMild ? TriangleAlert : OctagonAlert;
  return (
    <p role="note" className={isMild ? styles.warning : styles.danger}>
      <Icon aria-hidden />
      {/* A reason that is newer than this page has the server's words. */}
      <span>{t(`reading.warnings.${reason}`, { subject: subject ?? "", defaultValue: words })}</span>
    </p>
  );
}
