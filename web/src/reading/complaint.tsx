/** Why something cannot be read. */
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/call.ts";
import styles from "./reading.module.css";

/** What is here is read all the same where only the network is gone. */
export const isInTheWay = (error: Error | null, data: unknown): error is Error =>
  error !== null && (data === undefined || !(error instanceof Unreachable));

export function Complaint({ error }: { error: Error }) {
  const { t } = useTranslation();
  return (
    <p role="alert" className={styles.note}>
      {error instanceof Unreachable ? t("reading.needsNetwork") : error.message}
    </p>
  );
}
