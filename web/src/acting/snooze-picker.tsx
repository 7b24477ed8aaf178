import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { notify } from "../design/notices.tsx";
import { longDate } from "../language/dates.ts";
import { fieldOf, momentOf } from "../language/local-time.ts";
import { closeSheet, useSheets } from "./sheets.ts";
import styles from "./snooze-picker.module.css";
import { snoozeTimes } from "./snooze-times.ts";
import { carryOutOn, targetsNow, verbsNow } from "./targets.ts";

/** Until when messages are out of the inbox. */
export function SnoozePicker() {
  const { t, i18n } = useTranslation();
  const [now] = useState(() => new Date());
  const [targets] = useState(() => useSheets.getState().targets ?? targetsNow());
  const isSnoozed = targets?.kind !== "all" && targets?.rows.every(({ snoozed_until }) => snoozed_until !== null);
  const until = (date: Date | null) => {
    closeSheet();
    void carryOutOn(targets, verbsNow().snooze(date?.toISOString() ?? null));
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const date = momentOf(String(new FormData(event.currentTarget).get("until")));
    if (date !== null && date.getTime() > Date.now()) until(date);
    else notify(t("actions.snooze.past"), { kind: "failed" });
  };
  return (
    <Dialog title={t("actions.commands.snooze")} onClose={closeSheet}>
      <ul className={styles.times}>
        {isSnoozed && (
          <li>
            <button type="button" className={styles.time} onClick={() => until(null)}>
              {t("actions.snooze.now")}
            </button>
          </li>
        )}
        {snoozeTimes(now).map(([name, date], n) => (
          <li key={name}>
            <button
              type="button"
              data-first={n === 0 ? "" : undefined}
              className={styles.time}
              onClick={() => until(date)}
            >
              <span>{t(`actions.snooze.${name}`)}</span>
              <time dateTime={date.toISOString()} className={styles.when}>
                {longDate(date, i18n.language)}
              </time>
            </button>
          </li>
        ))}
      </ul>
      <form className={styles.own} onSubmit={submit}>
        <label className={styles.label}>
          {t("actions.snooze.own")}
          <input type="datetime-local" name="until" required min={fieldOf(now)} />
        </label>
        <Button kind="main" type="submit">
          {t("actions.commands.snooze")}
        </Button>
      </form>
    </Dialog>
  );
}
