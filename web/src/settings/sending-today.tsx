import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import form from "../design/form.module.css";
import { sendingQuery } from "./queries.ts";

/** How many people may still be written to today, and why none may. */
export function SendingToday() {
  const { t } = useTranslation();
  const { data: sending } = useQuery(sendingQuery);
  if (sending === undefined) return null;
  const { daily_recipients, used, is_stopped, stopped_why } = sending;
  if (is_stopped) {
    return (
      <p role="alert" className={form.note}>
        {t("settings.sending.stopped")} {stopped_why}
      </p>
    );
  }
  if (daily_recipients === null) return null;
  return <p className={form.more}>{t("settings.sending.today", { used, limit: daily_recipients })}</p>;
}
