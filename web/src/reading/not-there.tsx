/** In place of what could not be fetched: why, and another try. */
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import styles from "./reading.module.css";

export function NotThere({ error, onRetry }: { error: Error; onRetry(): unknown }) {
  const { t } = useTranslation();
  return (
    <p role="alert" className={styles.note}>
      {error.message}
      {error instanceof Unreachable && <Button onClick={() => void onRetry()}>{t("app.tryAgain")}</Button>}
    </p>
  );
}
