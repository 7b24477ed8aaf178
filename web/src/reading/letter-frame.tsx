/** A message's HTML, in a frame of its own: see letter.ts. As high as the message is. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import { withInlineImages } from "./inline-images.ts";
import styles from "./reading.module.css";

/** A message can say that it is as high as it likes; beyond this it is scrolled within its frame. */
const HIGHEST = 30_000;

export function LetterFrame({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [withImages, setWithImages] = useState(false);
  const { data: proxied } = useQuery({
    queryKey: ["message", message.id, "images"],
    queryFn: ({ signal }) => call<Message>("GET", `/messages/${message.id}?images=proxied`, { signal }),
    enabled: withImages,
  });
  const shown = proxied ?? message;
  return (
    <>
      {message.remote_images > 0 && !withImages && (
        <p className={styles.images}>
          <span>{t("reading.remoteImages")}</span>
          <Button kind="quiet" onClick={() => setWithImages(true)}>
            {t("reading.showImages")}
          </Button>
        </p>
      )}
      <Frame key={shown === message ? "without" : "with"} message={shown} />
    </>
  );
}

function Frame({ message }: { message: Message }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const { t } = useTranslation();
  useEffect(() => {
    const html = withInlineImages(message);
    const hear = async ({ source, data, origin }: MessageEvent<unknown>) => {
      const letter = frame.current?.contentWindow;
      if (!letter || source !== letter || origin !== location.origin) return;
      if (data === "ready") letter.postMessage(await html, location.origin);
      else if (isHeight(data)) setHeight(Math.min(HIGHEST, data.height));
    };
    const listener = (event: MessageEvent<unknown>) => void hear(event);
    addEventListener("message", listener);
    return () => removeEventListener("message", listener);
  }, [message]);
  return (
    <iframe
      ref={frame}
      src="/letter"
      title={t("reading.letter")}
      className={styles.frame}
      style={{ blockSize: height }}
    />
  );
}

const isHeight = (data: unknown): data is { height: number } =>
  typeof data === "object" && data !== null && "height" in data && typeof data.height === "number" && data.height >= 0;
