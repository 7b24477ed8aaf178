/** What comes with a message: seen here where a browser can show it without running it, downloaded, one or all. */
import {
  Archive,
  CalendarDays,
  Download,
  FileIcon,
  FileText,
  Film,
  ImageIcon,
  type LucideIcon,
  Mail,
  Music,
  OctagonAlert,
} from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment, Message } from "../../../contract/messages.ts";
import { Button } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import { Part } from "../design/part.tsx";
import { shownName } from "../language/names.ts";
import { sizeInWords } from "../language/sizes.ts";
import styles from "./attachments.module.css";
import { isWithin } from "./inline-images.ts";
import { attachmentAddress, kindOf, type Preview, previewOf, withoutTwins } from "./kinds.ts";

const AttachmentPreview = lazy(() => import("./attachment-preview.tsx"));

const ICONS: Record<ReturnType<typeof kindOf>, LucideIcon> = {
  image: ImageIcon,
  audio: Music,
  video: Film,
  text: FileText,
  pdf: FileText,
  message: Mail,
  calendar: CalendarDays,
  archive: Archive,
  other: FileIcon,
};

/** `isHtml`: the HTML is shown, with its images in it. */
export function Attachments({ message, isHtml }: { message: Message; isHtml: boolean }) {
  const { t, i18n } = useTranslation();
  const [previewed, setPreviewed] = useState<number>();
  const listed = withoutTwins(message.attachments).filter((one) => !(isHtml && isWithin(one, message.body_html)));
  if (listed.length === 0) return null;
  const seen = listed.filter((attachment) => canBeSeen(message, attachment) !== null);
  const size = listed.reduce((sum, { size }) => sum + size, 0);
  return (
    <footer className={styles.attachments}>
      <div className={styles.header}>
        <h3 className={styles.heading}>
          {t("reading.attachmentCount", { count: listed.length })}
          <span className={styles.size}> {sizeInWords(size, i18n.language)}</span>
        </h3>
        {listed.length > 1 && (
          <Button kind="quiet" onClick={() => void downloadAll(message, listed)}>
            <Download aria-hidden />
            {t("reading.downloadAll")}
          </Button>
        )}
      </div>
      <ScanNote message={message} />
      <ul className={styles.list} aria-label={t("reading.attachments")}>
        {listed.map((attachment) => (
          <AttachmentCard
            key={attachment.n}
            message={message}
            attachment={attachment}
            onPreview={canBeSeen(message, attachment) === null ? undefined : () => setPreviewed(attachment.n)}
          />
        ))}
      </ul>
      {previewed !== undefined && (
        <Part>
          <AttachmentPreview
            id={message.id}
            attachments={seen}
            n={previewed}
            onMove={setPreviewed}
            onClose={() => setPreviewed(undefined)}
          />
        </Part>
      )}
    </footer>
  );
}

interface AttachmentCardProps {
  message: Message;
  attachment: Attachment;
  onPreview: (() => void) | undefined;
}

function AttachmentCard({ message, attachment, onPreview }: AttachmentCardProps) {
  const { t, i18n } = useTranslation();
  const { n, filename, size } = attachment;
  const dangers = dangersOf(message, n);
  const Icon = dangers.length > 0 ? OctagonAlert : ICONS[kindOf(attachment)];
  const name = shownName(filename) || t("reading.unnamed");
  const address = attachmentAddress(message.id, n);
  const text = (
    <>
      <Icon aria-hidden />
      <span className={styles.filename}>{name}</span>
      <span className={styles.size}>{sizeInWords(size, i18n.language)}</span>
    </>
  );
  return (
    <li className={styles.card} data-dangerous={dangers.length > 0}>
      <div className={styles.row}>
        {onPreview === undefined ? (
          <a href={address} download={filename} className={styles.file}>
            {text}
          </a>
        ) : (
          <>
            <button type="button" className={styles.file} onClick={onPreview} aria-haspopup="dialog">
              {text}
            </button>
            <a
              href={address}
              download={filename}
              className={styles.download}
              aria-label={t("reading.downloadOne", { name })}
              title={t("reading.downloadOne", { name })}
            >
              <Download aria-hidden />
            </a>
          </>
        )}
      </div>
      {dangers.map(({ danger, words }) => (
        <p key={danger} className={styles.danger}>
          {/* A danger that is newer than this page has the server's words. */}
          {t(`reading.dangers.${danger}`, { defaultValue: words })}
        </p>
      ))}
    </li>
  );
}

/** What a scanner of viruses says of them all. */
function ScanNote({ message: { attachment_scan } }: { message: Message }) {
  const { t } = useTranslation();
  const state = attachment_scan?.scanner.state;
  if (state !== "infected" && state !== "failed") return null;
  return (
    <p role="note" className={styles.scan} data-state={state}>
      {t(`reading.scan.${state}`, { found: attachment_scan?.scanner.found ?? "" })}
    </p>
  );
}

/** Each once, though a scanner may say the same of a file and of what is in it. */
function dangersOf({ attachment_scan }: Message, n: number) {
  const dangers = attachment_scan?.files.find((file) => file.n === n)?.dangers ?? [];
  return [...new Map(dangers.map((one) => [one.danger, one])).values()];
}

/** What may be dangerous is not opened here. */
const canBeSeen = (message: Message, attachment: Attachment): Preview | null =>
  dangersOf(message, attachment.n).length > 0 ? null : previewOf(attachment);

async function downloadAll(message: Message, attachments: Attachment[]): Promise<void> {
  try {
    const { downloadTogether } = await import("./download-together.ts");
    await downloadTogether(message, attachments);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
  }
}
