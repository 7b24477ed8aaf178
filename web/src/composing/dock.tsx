/** The letters that are being written in windows, beside each other at the foot of the screen. */
import { useTranslation } from "react-i18next";
import { Begun } from "./begun.tsx";
import { useComposers } from "./composers.ts";
import styles from "./dock.module.css";

export function Dock() {
  const { t } = useTranslation();
  const open = useComposers((state) => state.open);
  return (
    <aside className={styles.dock} aria-label={t("composing.label")}>
      {open.map((composer) => composer.place !== "inline" && <Begun key={composer.key} composer={composer} />)}
    </aside>
  );
}
