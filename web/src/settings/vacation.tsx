/** What is answered while the owner is away. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Vacation } from "../../../contract/vacation.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../design/button.tsx";
import { Check, Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { fieldOf, momentOf } from "../language/local-time.ts";
import { vacationQuery } from "./queries.ts";

export default function VacationNotice() {
  const { data: vacation } = useQuery(vacationQuery);
  return vacation === undefined ? null : <VacationForm before={vacation} />;
}

function VacationForm({ before }: { before: Vacation }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [draft, setDraft] = useState(() => ({
    ...before,
    subject: before.subject ?? "",
    from: before.from === null ? "" : fieldOf(new Date(before.from)),
    until: before.until === null ? "" : fieldOf(new Date(before.until)),
  }));
  const set = (change: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...change }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const body: Vacation = {
      ...draft,
      subject: draft.subject.trim() || null,
      from: momentOf(draft.from)?.toISOString() ?? null,
      until: momentOf(draft.until)?.toISOString() ?? null,
      // HTML that was written elsewhere would say something else than the new text.
      body_html: draft.body === before.body ? before.body_html : null,
    };
    const done = draft.is_enabled ? t("settings.vacation.isOn") : t("settings.vacation.isOff");
    await attempt(async () => {
      queryClient.setQueryData(vacationQuery.queryKey, await call<Vacation>("PUT", "/vacation", { body }));
    }, done);
  };
  return (
    <form method="post" className={form.form} onSubmit={(event) => void save(event)}>
      <p className={form.intro}>{t("settings.vacation.intro")}</p>
      <Check
        label={t("settings.vacation.enabled")}
        checked={draft.is_enabled}
        onChange={(is_enabled) => set({ is_enabled })}
      />
      <div className={form.pair}>
        <Field label={t("settings.vacation.from")} hint={t("settings.vacation.fromHint")}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={draft.from}
              onChange={({ target }) => set({ from: target.value })}
            />
          )}
        </Field>
        <Field label={t("settings.vacation.until")} hint={t("settings.vacation.untilHint")}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              min={draft.from}
              value={draft.until}
              onChange={({ target }) => set({ until: target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t("settings.vacation.subject")} hint={t("settings.vacation.subjectHint")}>
        {(control) => (
          <input
            {...control}
            maxLength={500}
            value={draft.subject}
            onChange={({ target }) => set({ subject: target.value })}
          />
        )}
      </Field>
      <Field label={t("settings.vacation.text")}>
        {(control) => (
          <textarea
            {...control}
            rows={7}
            required={draft.is_enabled}
            value={draft.body}
            onChange={({ target }) => set({ body: target.value })}
          />
        )}
      </Field>
      <div className={form.pair}>
        <Field label={t("settings.vacation.days")}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={1}
              max={90}
              required
              value={draft.days}
              onChange={({ target }) => set({ days: target.valueAsNumber || 1 })}
            />
          )}
        </Field>
        <Check
          label={t("settings.vacation.onlyContacts")}
          checked={draft.only_contacts}
          onChange={(only_contacts) => set({ only_contacts })}
        />
      </div>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}
