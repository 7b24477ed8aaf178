/** How much waited, and how long the oldest had, over the last week. Screen readers get a table of the same. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { longDate, shortDate } from "../language/dates.ts";
import { durationInWords } from "./duration.ts";
import { queueHistoryQuery } from "./queries.ts";
import styles from "./queue-chart.module.css";
import { type Line, lineOf, rowsOf } from "./queue-chart-shape.ts";

const DAY = 86_400_000;
/** As long as the service remembers (contract/operator.ts). */
const DAYS = 7;
/** Seconds that a row of the table stands for: 28 rows are read, a thousand are not. */
const SPAN = 6 * 3600;

export function QueueChart() {
  const { t, i18n } = useTranslation();
  const { data: history, dataUpdatedAt: now } = useQuery(queueHistoryQuery);
  if (history === undefined) return null;
  const from = now - DAYS * DAY;
  const size = lineOf(history, ({ recipients }) => recipients, from, now);
  const age = lineOf(history, ({ oldest_seconds }) => oldest_seconds, from, now);
  const days = Array.from({ length: DAYS }, (_, n) => new Date(from + (n + 0.5) * DAY));
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <figure className={styles.chart}>
      <div aria-hidden>
        <Panel label={t("admin.queue.waiting")} top={number.format(size.top)} line={size} kind="size" />
        <Panel label={t("admin.queue.oldest")} top={durationInWords(age.top, i18n.language)} line={age} kind="age" />
        <p className={styles.days}>
          {days.map((day) => (
            <span key={day.getTime()}>{shortDate(day, new Date(now + 7 * DAY), i18n.language)}</span>
          ))}
        </p>
      </div>
      <div className="visually-hidden">
        <table>
          <caption>{t("admin.queue.chart")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("admin.queue.since")}</th>
              <th scope="col">{t("admin.queue.waiting")}</th>
              <th scope="col">{t("admin.queue.oldest")}</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(history.points, SPAN).map((row) => (
              <tr key={row.from}>
                <th scope="row">{longDate(new Date(row.from), i18n.language)}</th>
                <td>{number.format(row.recipients)}</td>
                <td>{durationInWords(row.oldest_seconds, i18n.language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

interface PanelProps {
  label: string;
  top: string;
  line: Line;
  kind: "size" | "age";
}

function Panel({ label, top, line, kind }: PanelProps) {
  return (
    <div className={styles.panel}>
      <p className={styles.label}>
        <span>{label}</span>
        <span>{top}</span>
      </p>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" className={styles[kind]} aria-hidden="true">
        <path d={line.area} className={styles.area} />
        <path d={line.path} className={styles.line} />
      </svg>
    </div>
  );
}
