/** An attachment, large, with the others of its message beside it. */
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "../../../contract/messages.ts";
import { ask } from "../api/call.ts";
import { IconButton } from "../design/button.tsx";
import { Part } from "../design/part.tsx";
import { shownName } from "../language/names.ts";
import styles from "./attachment-preview.module.css";
import { attachmentAddress, attachmentPath, previewOf } from "./kinds.ts";
import { AudioPreview, ImagePreview, TextPreview, VideoPreview } from "./media-previews.tsx";

const PREVIEWS = {
  image: ImagePreview,
  audio: AudioPreview,
  video: VideoPreview,
  text: TextPreview,
  pdf: lazy(() => import("./pdf-preview.tsx")),
  message: lazy(() => import("./nested-message.tsx")),
};

/** What a preview gets: the bytes, which a stranger wrote, and what they are called. */
export interface PreviewProps {
  /** Tells it from others. */
  id: string;
  bytes: Blob;
  name: string;
}

interface AttachmentPreviewProps {
  id: string;
  /** Those that can be seen. */
  attachments: Attachment[];
  /** The number of the one that is shown. */
  n: number;
  onMove(n: number): void;
  onClose(): void;
}

export default function AttachmentPreview({ id, attachments, n, onMove, onClose }: AttachmentPreviewProps) {
  const { t } = useTranslation();
  const at = attachments.findIndex((attachment) => attachment.n === n);
  const attachment = attachments[at];
  if (attachment === undefined) return null;
  const name = shownName(attachment.filename) || t("reading.unnamed");
  const move = (step: number) => {
    const next = attachments[at + step];
    if (next) onMove(next.n);
  };
  const onKeyDown = ({ key, target }: React.KeyboardEvent) => {
    // In a player, arrows wind.
    if (target instanceof HTMLMediaElement) return;
    if (key === "ArrowLeft") move(-1);
    if (key === "ArrowRight") move(1);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.preview} onKeyDown={onKeyDown}>
          <header className={styles.header}>
            <Dialog.Title className={styles.name}>{name}</Dialog.Title>
            {attachments.length > 1 && (
              <>
                <IconButton label={t("reading.previous")} disabled={at === 0} onClick={() => move(-1)}>
                  <ChevronLeft />
                </IconButton>
                <span className={styles.count}>{t("reading.ofAll", { at: at + 1, total: attachments.length })}</span>
                <IconButton label={t("reading.next")} disabled={at === attachments.length - 1} onClick={() => move(1)}>
                  <ChevronRight />
                </IconButton>
              </>
            )}
            <a
              href={attachmentAddress(id, n)}
              download={attachment.filename}
              className={styles.download}
              aria-label={t("reading.downloadOne", { name })}
            >
              <Download aria-hidden />
            </a>
            <Dialog.Close
              render={
                <IconButton label={t("app.close")}>
                  <X />
                </IconButton>
              }
            />
          </header>
          <div className={styles.body}>
            <Shown key={n} id={id} attachment={attachment} name={name} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Shown({ id, attachment, name }: { id: string; attachment: Attachment; name: string }) {
  const { n } = attachment;
  const { data: bytes, error } = useQuery({
    queryKey: ["attachment", id, n],
    queryFn: async ({ signal }) => (await ask("GET", attachmentPath(id, n), { signal })).blob(),
    // Large, and fetched again from the browser's own cache.
    gcTime: 0,
  });
  const kind = previewOf(attachment);
  if (error) return <p role="alert">{error.message}</p>;
  if (bytes === undefined || kind === null) return <div className={styles.waiting} aria-busy />;
  const Preview = PREVIEWS[kind];
  return (
    <Part waiting={<div className={styles.waiting} aria-busy />}>
      <Preview id={`${id} ${n}`} bytes={bytes} name={name} />
    </Part>
  );
}
