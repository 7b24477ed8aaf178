/** What a rule would have met of the mail that is here, while it is being written. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FilterConditions, FilterTest } from "../../../../contract/filters.ts";
import { call } from "../../api/call.ts";
import form from "../../design/form.module.css";
import { shortDate } from "../../language/dates.ts";
import { isEmpty } from "./rule-draft.ts";
import styles from "./rules.module.css";

/** Milliseconds without a key until what was typed is tried. */
const PAUSE = 350;
const SHOWN = 5;

export function RuleTest({ conditions }: { conditions: FilterConditions }) {
  const { t, i18n } = useTranslation();
  const settled = useSettled(JSON.stringify(conditions));
  const settledConditions: FilterConditions = JSON.parse(settled);
  const { data, error } = useQuery({
    queryKey: ["filter-test", settled],
    queryFn: ({ signal }) =>
      call<FilterTest>("POST", "/filters/test", { body: { conditions: settledConditions, limit: SHOWN }, signal }),
    enabled: !isEmpty(settledConditions),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return (
    <section className={styles.test} aria-label={t("settings.rules.test")}>
      <p role="status">{isEmpty(conditions) ? t("settings.rules.testEmpty") : said()}</p>
      {!isEmpty(conditions) && !error && data !== undefined && (
        <ul>
          {data.messages.map(({ id, from, subject, received_at }) => (
            <li key={id} className={styles.met}>
              <span>{from?.name || from?.email || t("app.noSender")}</span>
              <span>{subject || t("app.noSubject")}</span>
              <span className={form.more}>{shortDate(new Date(received_at), new Date(), i18n.language)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );

  function said(): string {
    if (error) return error.message;
    if (data === undefined) return t("settings.rules.testing");
    const count = data.matched;
    return data.is_complete ? t("settings.rules.tested", { count }) : t("settings.rules.testedOf", { count });
  }
}

/** What it was last, once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
