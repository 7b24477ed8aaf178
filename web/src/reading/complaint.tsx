/** Why something cannot be read, and another try. */
import { useTranslation } from "react-i18next";
import { Refused, Unreachable } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import styles from "./reading.module.css";

/** What is here is read all the same where only the network is gone. */
export const isInTheWay = (error: Error | null, data: unknown): error is Error =>
  error !== null && (data === undefined || !(error instanceof Unreachable));

export function Complaint({ error, onRetry }: { error: Error; onRetry(): unknown }) {
  const { t } = useTranslation();
  const isUnreached = error instanceof Unreachable;
  const isGone = error instanceof Refused && error.status === 404;
  return (
    <p role="alert" className={styles.note}>
      {isUnreached ? t("reading.needsNetwork") : isGone ? t("reading.gone") : error.message}
      {isUnreached && <Button onClick={() => void onRetry()}>{t("app.tryAgain")}</Button>}
    </p>
  );
}
