/** What waits for one destination, the longest waiting first; tried again now, or given up. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { addressOf } from "../app/place.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import form from "../design/form.module.css";
import { relativeDate } from "../language/dates.ts";
import styles from "./admin.module.css";
import { destinationPath, destinationQuery, queueQuery } from "./queries.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: queueQuery.queryKey });

export default function Destination({ name }: { name: string }) {
  const { t, i18n } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(destinationQuery(name));
  const path = destinationPath(name);
  const when = (moment: string) => relativeDate(new Date(moment), new Date(), i18n.language);
  const view = data?.pages[0];
  const waiting = data?.pages.flatMap((page) => page.waiting) ?? [];
  const run = (method: string, to: string, said: string) =>
    attempt(async () => {
      await call(method, to);
      await refresh();
    }, said);
  const retryAll = () =>
    attempt(async () => {
      // A slice at a time, as the service does it.
      while ((await call<{ left: number }>("POST", `${path}/retry`)).left > 0);
      await refresh();
    }, t("admin.queue.retried"));
  return (
    <>
      <header className={styles.title}>
        <h2>{name}</h2>
        <Link href={addressOf({ screen: "admin", section: "queue" })}>{t("admin.queue.all")}</Link>
      </header>
      {error && <p role="alert">{error.message}</p>}
      {view && (
        <p className={form.intro}>
          {t("admin.queue.recipients", { count: view.recipients })} ·{" "}
          {t("admin.queue.pace", { concurrency: view.throttle.concurrency, count: view.throttle.per_minute })}
        </p>
      )}
      {view && waiting.length === 0 && <p className={form.empty}>{t("admin.queue.empty")}</p>}
      {waiting.length > 0 && (
        <div className={form.form}>
          <div>
            <Button kind="main" disabled={isBusy} onClick={() => void retryAll()}>
              {t("admin.queue.retryAll")}
            </Button>
          </div>
          <ul className={form.rows}>
            {waiting.map(({ id, recipients, status, reply, first_deferred_at, next_attempt_at }) => (
              <li key={id} className={form.row}>
                <div className={form.main}>
                  <span className={form.code}>{id}</span>
                  <p>{reply || status}</p>
                  <p className={form.more}>
                    {t("admin.queue.recipients", { count: recipients })} ·{" "}
                    {t("admin.queue.waits", { since: when(first_deferred_at), next: when(next_attempt_at) })}
                  </p>
                </div>
                <Button
                  onClick={() => void run("POST", `${path}/${encodeURIComponent(id)}/retry`, t("admin.queue.retried"))}
                >
                  {t("admin.queue.retry")}
                </Button>
                <AskFirst
                  label={t("admin.queue.giveUp")}
                  question={t("admin.queue.giveUpQuestion")}
                  confirm={t("admin.queue.giveUp")}
                  onConfirm={() => void run("DELETE", `${path}/${encodeURIComponent(id)}`, t("admin.queue.givenUp"))}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}
