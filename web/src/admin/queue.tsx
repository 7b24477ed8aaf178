/** Mail that waits to leave: how much, for how long, where to, and why. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { QueuedDestination } from "../../../contract/operator.ts";
import { queryClient } from "../api/query-client.ts";
import { addressOf } from "../app/place.ts";
import { Button } from "../design/button.tsx";
import form from "../design/form.module.css";
import { relativeDate } from "../language/dates.ts";
import styles from "./admin.module.css";
import { queueHistoryQuery, queueQuery } from "./queries.ts";
import { QueueChart } from "./queue-chart.tsx";

const Destination = lazy(() => import("./destination.tsx"));

export default function Queue({ item }: { item: string | undefined }) {
  return item === undefined ? <Overview /> : <Destination key={item} name={item} />;
}

function Overview() {
  const { t, i18n } = useTranslation();
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(queueQuery);
  const view = data?.pages[0];
  const destinations = data?.pages.flatMap((page) => page.destinations) ?? [];
  const refresh = () =>
    Promise.all(
      [queueQuery, queueHistoryQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey, exact: true })),
    );
  const oldest = view?.totals.oldest_at ?? null;
  return (
    <>
      <header className={styles.title}>
        <h2>{t("admin.sections.queue")}</h2>
        <Button onClick={() => void refresh()}>{t("app.refresh")}</Button>
      </header>
      {error && <p role="alert">{error.message}</p>}
      {view && (
        <dl className={styles.figures}>
          <Figure name={t("admin.queue.messages")} value={String(view.totals.submissions)} />
          <Figure name={t("admin.queue.waiting")} value={String(view.totals.recipients)} />
          <Figure
            name={t("admin.queue.oldest")}
            value={oldest === null ? "–" : relativeDate(new Date(oldest), new Date(), i18n.language)}
          />
          <Figure name={t("admin.sections.dead-letters")} value={String(view.dead_letters)} />
        </dl>
      )}
      <QueueChart />
      {view && destinations.length === 0 && <p className={form.empty}>{t("admin.queue.empty")}</p>}
      {destinations.length > 0 && (
        <ul className={form.rows} aria-label={t("admin.queue.destinations")}>
          {destinations.map((destination) => (
            <DestinationRow key={destination.destination} destination={destination} />
          ))}
        </ul>
      )}
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t("app.more")}</Button>}
    </>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function DestinationRow({
  destination: { destination, recipients, causes, throttle },
}: {
  destination: QueuedDestination;
}) {
  const { t, i18n } = useTranslation();
  const { paused_until } = throttle;
  const [cause] = causes;
  return (
    <li className={form.row}>
      <div className={form.main}>
        <Link href={addressOf({ screen: "admin", section: "queue", item: destination })} className={styles.name}>
          {destination}
        </Link>
        {cause && <p className={form.more}>{cause.reply || cause.status}</p>}
      </div>
      {paused_until !== null && (
        <span className={form.more}>
          {t("admin.queue.paused", { when: relativeDate(new Date(paused_until), new Date(), i18n.language) })}
        </span>
      )}
      <span className={form.more}>{t("admin.queue.recipients", { count: recipients })}</span>
    </li>
  );
}
