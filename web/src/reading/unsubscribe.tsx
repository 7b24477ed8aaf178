/** Leaves the list that a message came over, with one click where the list lets a program do it (RFC 8058). */
import { useMutation } from "@tanstack/react-query";
import { MailMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Unsubscribed } from "../../../contract/list-unsubscribe.ts";
import type { Message } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import styles from "./reading.module.css";

export function Unsubscribe({ message: { id, list_unsubscribe } }: { message: Message }) {
  const { t } = useTranslation();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => call<Unsubscribed>("POST", `/messages/${id}/unsubscribe`),
  });
  if (list_unsubscribe === null) return null;
  return (
    <div className={styles.list}>
      <MailMinus aria-hidden />
      <p role="status" className={styles.said}>
        {data ? t(`reading.list.${data.outcome}`) : error ? error.message : t("reading.list.from")}
      </p>
      {data?.url && (
        <a href={data.url} target="_blank" rel="noopener noreferrer nofollow">
          {t("reading.list.openPage")}
        </a>
      )}
      {data === undefined && (
        <Button kind="quiet" disabled={isPending} onClick={() => mutate()}>
          {t("reading.list.unsubscribe")}
        </Button>
      )}
    </div>
  );
}
