import { Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { sizeInWords } from "../language/sizes.ts";
import styles from "./reading.module.css";

export function Attachments({ message: { id, attachments } }: { message: Message }) {
  const { t, i18n } = useTranslation();
  if (attachments.length === 0) return null;
  return (
    <ul className={styles.attachments} aria-label={t("reading.attachments")}>
      {attachments.map(({ n, filename, size }) => (
        <li key={n}>
          <a href={`/v1/messages/${id}/attachments/${n}`} download className={styles.attachment}>
            <Paperclip aria-hidden />
            <span className={styles.filename}>{filename}</span>
            <span className={styles.size}>{sizeInWords(size, i18n.language)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
