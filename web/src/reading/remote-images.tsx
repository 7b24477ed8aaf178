/** What is said of images that are elsewhere: that they are not loaded, or for whom they always are. */
import { ImageOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { Button } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import { canBeRemembered, forgetSender, rememberSender } from "./image-senders.ts";
import styles from "./reading.module.css";

interface RemoteImagesProps {
  message: Message;
  areShown: boolean;
  onShow(): void;
}

export function RemoteImages({ message, areShown, onShow }: RemoteImagesProps) {
  const { t } = useTranslation();
  const sender = message.from?.email ?? "";
  const attempt = (work: Promise<void>) => void work.catch((error: Error) => notify(error.message, { kind: "failed" }));
  const remember = async () => {
    onShow();
    await rememberSender(sender);
    notify(t("reading.images.remembered", { sender }), {
      action: { label: t("app.undo"), run: () => attempt(forgetSender(sender)) },
    });
  };
  const canRemember = canBeRemembered(message);
  if (areShown && !canRemember) return null;
  return (
    <div className={styles.images}>
      {!areShown && (
        <>
          <ImageOff aria-hidden />
          <span className={styles.said}>{t("reading.remoteImages")}</span>
        </>
      )}
      <span className={styles.choices}>
        {!areShown && (
          <Button kind="quiet" onClick={onShow}>
            {t("reading.showImages")}
          </Button>
        )}
        {canRemember && (
          <Button kind="quiet" onClick={() => attempt(remember())}>
            {t("reading.images.always")}
          </Button>
        )}
      </span>
    </div>
  );
}
