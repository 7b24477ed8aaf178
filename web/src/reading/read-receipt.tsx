/** The sender asks to be told that the message was read. Nobody is told but by the reader. */
import { MailCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { act } from "../acting/act.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import styles from "./reading.module.css";

/** RFC 3503 §3: it was answered, with a receipt or without. */
const ANSWERED = "$mdnsent";

export function ReadReceipt({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { id, receipt_to, keywords, delivered_to, submission_id, return_path } = message;
  const isAsked = receipt_to !== null && submission_id === null && delivered_to.length > 0 && return_path !== "";
  if (!isAsked || keywords.includes(ANSWERED)) return null;
  const tell = async () => {
    try {
      await call("POST", `/messages/${id}/read-receipt`);
      notify(t("reading.receipt.told", { name: receipt_to }));
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
    }
  };
  return (
    <div role="note" className={styles.note}>
      <MailCheck aria-hidden />
      <span className={styles.said}>{t("reading.receipt.asked", { name: receipt_to })}</span>
      <span className={styles.choices}>
        <Button kind="quiet" onClick={() => void tell()}>
          {t("reading.receipt.tell")}
        </Button>
        <Button kind="quiet" onClick={() => void act([message], { keywords: [...keywords, ANSWERED] })}>
          {t("reading.receipt.decline")}
        </Button>
      </span>
    </div>
  );
}
