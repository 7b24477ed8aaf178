import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import styles from "./composer.module.css";
import type { Writing } from "./writing.ts";

export function PlainText({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const body = useStore(writing.store, ({ letter }) => letter.body);
  return (
    <textarea
      dir="auto"
      aria-label={t("composing.text")}
      value={body}
      onChange={({ target }) => writing.edit({ body: target.value })}
      className={styles.text}
    />
  );
}
