import { Maximize2, Minimize2, Minus, PanelBottom, PictureInPicture2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { IconButton } from "../design/button.tsx";
import { closeComposer } from "./begin.ts";
import styles from "./composer.module.css";
import { type OpenComposer, useComposers } from "./composers.ts";
import type { Writing } from "./writing.ts";

interface ComposerHeadProps {
  writing: Writing;
  composer: OpenComposer;
  nameId: string;
}

/** What it is called, whether it is safe, and where on the screen it is. */
export function ComposerHead({ writing, composer: { key, start, place }, nameId }: ComposerHeadProps) {
  const { t } = useTranslation();
  const { letter, saving } = useStore(writing.store);
  const setPlace = useComposers((state) => state.setPlace);
  const name = letter.subject || t("composing.newMessage");
  return (
    <header className={styles.head}>
      <h2 id={nameId} className={styles.name}>
        {place === "small" ? (
          <button type="button" className={styles.bring} onClick={() => setPlace(key, "window")}>
            {name}
          </button>
        ) : (
          name
        )}
      </h2>
      {place !== "small" && (
        <span role="status" className={styles.saving}>
          {saving !== "untouched" && t(`composing.saving.${saving}`)}
        </span>
      )}
      {place === "inline" && (
        <IconButton label={t("composing.places.window")} onClick={() => setPlace(key, "window")}>
          <PictureInPicture2 />
        </IconButton>
      )}
      {place === "window" && (
        <>
          {start.kind === "answer" && (
            <IconButton label={t("composing.places.inline")} onClick={() => setPlace(key, "inline")}>
              <PanelBottom />
            </IconButton>
          )}
          <IconButton label={t("composing.places.small")} onClick={() => setPlace(key, "small")}>
            <Minus />
          </IconButton>
        </>
      )}
      {place === "full" ? (
        <IconButton label={t("composing.places.window")} onClick={() => setPlace(key, "window")}>
          <Minimize2 />
        </IconButton>
      ) : (
        <IconButton label={t("composing.places.full")} onClick={() => setPlace(key, "full")}>
          <Maximize2 />
        </IconButton>
      )}
      <IconButton label={t("app.close")} onClick={() => closeComposer(key)}>
        <X />
      </IconButton>
    </header>
  );
}
