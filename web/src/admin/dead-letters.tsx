/** Jobs that could not be done, however often they were tried. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { attempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import form from "../design/form.module.css";
import { longDate } from "../language/dates.ts";
import styles from "./admin.module.css";
import { deadLettersQuery } from "./queries.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: deadLettersQuery.queryKey });

export default function DeadLetters() {
  const { t, i18n } = useTranslation();
  const { data: letters, error } = useQuery(deadLettersQuery);
  const run = (method: string, path: string, said: string) =>
    attempt(async () => {
      await call(method, `/admin/dead-letters/${path}`);
      await refresh();
    }, said);
  return (
    <div className={form.form}>
      <header className={styles.title}>
        <h2>{t("admin.sections.dead-letters")}</h2>
        <Button onClick={() => void refresh()}>{t("app.refresh")}</Button>
      </header>
      <p className={form.intro}>{t("admin.deadLetters.intro")}</p>
      {error && <p role="alert">{error.message}</p>}
      {letters?.length === 0 && <p className={form.empty}>{t("admin.deadLetters.none")}</p>}
      {letters !== undefined && letters.length > 0 && (
        <ul className={form.rows}>
          {letters.map(({ id, queue, died_at, reason, body }) => (
            <li key={id} className={form.row}>
              <div className={form.main}>
                <strong>{queue}</strong> <span className={form.more}>{longDate(new Date(died_at), i18n.language)}</span>
                <p>{reason ?? t("admin.deadLetters.noReason")}</p>
                <details>
                  <summary className={form.more}>{t("admin.deadLetters.job")}</summary>
                  <code className={form.code}>{JSON.stringify(body)}</code>
                </details>
              </div>
              <Button onClick={() => void run("POST", `${encodeURIComponent(id)}/retry`, t("admin.queue.retried"))}>
                {t("admin.queue.retry")}
              </Button>
              <AskFirst
                label={t("admin.deadLetters.drop")}
                question={t("admin.deadLetters.dropQuestion")}
                confirm={t("admin.deadLetters.drop")}
                onConfirm={() => void run("DELETE", encodeURIComponent(id), t("app.deleted"))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
