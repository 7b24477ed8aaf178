/** A rule in front of its list: when, what, and what it would have met. Nothing is kept before it is saved. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Filter } from "../../../../contract/filters.ts";
import { useAttempt } from "../../api/attempt.ts";
import { call } from "../../api/call.ts";
import { queryClient } from "../../api/query-client.ts";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/field.tsx";
import form from "../../design/form.module.css";
import { timeZone } from "../../language/time-zone.ts";
import { filtersQuery } from "../queries.ts";
import { RuleActions } from "./rule-actions.tsx";
import { RuleConditions } from "./rule-conditions.tsx";
import { conditionsOf, draftOf, filterOf, hasDeeds, isEmpty, type RuleDraft } from "./rule-draft.ts";
import { RuleTest } from "./rule-test.tsx";
import styles from "./rules.module.css";

export function RuleForm({ filter, onClose }: { filter: Filter | null; onClose(): void }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [draft, setDraft] = useState(() => draftOf(filter));
  const [complaint, setComplaint] = useState("");
  const set = (change: Partial<RuleDraft>) => {
    setComplaint("");
    setDraft((before) => ({ ...before, ...change }));
  };
  const conditions = conditionsOf(draft, timeZone());
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isEmpty(conditions)) return setComplaint(t("settings.rules.noCondition"));
    if (!hasDeeds(draft)) return setComplaint(t("settings.rules.nothingToDo"));
    const saved = await attempt(async () => {
      const body = filterOf(draft, timeZone());
      if (filter === null) await call("POST", "/filters", { body });
      else await call("PATCH", `/filters/${filter.id}`, { body });
      await queryClient.invalidateQueries({ queryKey: filtersQuery.queryKey });
    }, t("app.saved"));
    if (saved) onClose();
  };
  return (
    <Dialog title={filter === null ? t("settings.rules.new") : t("settings.rules.change")} onClose={onClose}>
      <form method="post" className={`${form.form} ${form.inDialog}`} onSubmit={(event) => void save(event)}>
        <RuleConditions draft={draft} set={set} />
        <RuleTest conditions={conditions} />
        <RuleActions draft={draft} set={set} />
        <Field label={t("settings.rules.name")} hint={t("settings.rules.nameHint")}>
          {(control) => (
            <input
              {...control}
              maxLength={100}
              value={draft.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
        <div className={`${form.buttons} ${styles.foot}`}>
          <p role="alert" className={styles.complaint}>
            {complaint}
          </p>
          <Button kind="main" type="submit" disabled={isBusy}>
            {t("settings.rules.save")}
          </Button>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
