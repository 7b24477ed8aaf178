/** What the browser itself can show: images, sound, film, and text as text. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./attachment-preview.module.css";
import type { PreviewProps } from "./attachment-preview.tsx";

const MOST_TEXT = 512 * 1024;

export function ImagePreview({ bytes, name }: PreviewProps) {
  const [address, complaint, onError] = useAddress(bytes);
  return complaint ?? (address && <img src={address} alt={name} className={styles.image} onError={onError} />);
}

export function AudioPreview({ bytes, name }: PreviewProps) {
  const [address, complaint, onError] = useAddress(bytes);
  // Nobody but its sender could write captions for it.
  // biome-ignore lint/a11y/useMediaCaption: a stranger's file
  return complaint ?? (address && <audio src={address} aria-label={name} controls onError={onError} />);
}

export function VideoPreview({ bytes, name }: PreviewProps) {
  const [address, complaint, onError] = useAddress(bytes);
  return (
    complaint ??
    // biome-ignore lint/a11y/useMediaCaption: a stranger's file
    (address && <video src={address} aria-label={name} className={styles.video} controls onError={onError} />)
  );
}

export function TextPreview({ id, bytes, name }: PreviewProps) {
  const { t } = useTranslation();
  const { data: text } = useQuery({
    queryKey: ["text", id],
    queryFn: async () => decode(await bytes.slice(0, MOST_TEXT).arrayBuffer()),
    gcTime: 0,
  });
  return (
    <>
      <textarea
        className={styles.text}
        readOnly
        aria-label={name}
        aria-busy={text === undefined}
        dir="auto"
        value={text ?? ""}
      />
      {bytes.size > MOST_TEXT && <p>{t("reading.cut")}</p>}
    </>
  );
}

/** As UTF-8, or where it is none, as what old files are mostly in. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** An address of bytes as long as they are shown, and what is said where the browser cannot show them. */
function useAddress(bytes: Blob) {
  const { t } = useTranslation();
  const [address, setAddress] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(bytes);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  const complaint = isBroken ? <p role="alert">{t("reading.cannotShow")}</p> : null;
  return [address, complaint, () => setBroken(true)] as const;
}
