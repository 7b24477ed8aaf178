/** The files that go with a letter: how far each is on its way up, and what takes it away again. */
import { Paperclip, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { IconButton } from "../design/button.tsx";
import { sizeInWords } from "../language/sizes.ts";
import styles from "./attached-files.module.css";
import type { OnItsWay } from "./attaching.ts";
import type { Attached } from "./letter.ts";
import type { Writing } from "./writing.ts";

export function AttachedFiles({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const { letter, uploads } = useStore(writing.store);
  // Pictures are seen in the text; while they are on their way, or where it has none, they are here as well.
  const listed = letter.attachments.filter(({ key, content_id }) => {
    return content_id === null || letter.html === null || key in uploads;
  });
  if (listed.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={t("composing.attachments")}>
      {listed.map((attached) => (
        <AttachedFile
          key={attached.key}
          attached={attached}
          upload={uploads[attached.key]}
          onRemove={() => writing.detach(attached)}
        />
      ))}
    </ul>
  );
}

interface AttachedFileProps {
  attached: Attached;
  upload: OnItsWay | undefined;
  onRemove(): void;
}

function AttachedFile({ attached, upload, onRemove }: AttachedFileProps) {
  const { t, i18n } = useTranslation();
  const { filename, size } = attached;
  const isMoving = upload !== undefined && upload.complaint === null;
  return (
    <li className={styles.file} data-failed={upload !== undefined && !isMoving}>
      <Paperclip aria-hidden className={styles.sign} />
      <span className={styles.name} title={filename}>
        {filename}
      </span>
      <span className={styles.size}>{sizeInWords(size, i18n.language)}</span>
      <IconButton
        label={t(isMoving ? "composing.cancelUpload" : "composing.remove", { name: filename })}
        onClick={onRemove}
      >
        <X />
      </IconButton>
      {isMoving && (
        <progress
          className={styles.progress}
          value={upload.sent}
          max={size}
          aria-label={t("composing.uploading", { name: filename })}
        />
      )}
      {upload?.complaint && (
        <span role="alert" className={styles.complaint}>
          {upload.complaint}
        </span>
      )}
    </li>
  );
}
