/** When a rule applies: the parts of a query, each of which can be taken out, and any header fields. */
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../../design/button.tsx";
import { Field } from "../../design/field.tsx";
import form from "../../design/form.module.css";
import { partsOf, togglePart } from "../../searching/query-parts.ts";
import { HeaderConditions } from "./header-conditions.tsx";
import { OPERATORS, type Operator, partOf, type RuleDraft, takesValue } from "./rule-draft.ts";
import styles from "./rules.module.css";

export interface RulePartProps {
  draft: RuleDraft;
  set(change: Partial<RuleDraft>): void;
}

export function RuleConditions({ draft, set }: RulePartProps) {
  const { t } = useTranslation();
  const { query, typed } = draft;
  const add = () => {
    const part = partOf(typed);
    if (part !== "") set({ query: [query.trim(), part].join(" ").trim(), typed: { ...typed, value: "" } });
  };
  return (
    <fieldset className={styles.group}>
      <legend>{t("settings.rules.when")}</legend>
      <ul className={styles.parts}>
        {partsOf(query).map((part) => (
          <li key={part} className={styles.part}>
            {part}
            <IconButton
              label={t("app.removeOne", { name: part })}
              onClick={() => set({ query: togglePart(query, part) })}
            >
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className={styles.typed}>
        <select
          aria-label={t("settings.rules.what")}
          value={typed.operator}
          onChange={({ target }) => set({ typed: { ...typed, operator: operatorOf(target.value) } })}
        >
          {OPERATORS.map((operator) => (
            <option key={operator} value={operator}>
              {t(`settings.rules.operators.${operator}`)}
            </option>
          ))}
        </select>
        <input
          aria-label={t("settings.rules.value")}
          placeholder={t("settings.rules.value")}
          disabled={!takesValue(typed.operator)}
          value={takesValue(typed.operator) ? typed.value : ""}
          onChange={({ target }) => set({ typed: { ...typed, value: target.value } })}
          onKeyDown={(event) => {
            // Enter adds the condition; it does not save the rule.
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <Button onClick={add}>{t("settings.rules.addCondition")}</Button>
      </div>
      <details>
        <summary>{t("settings.rules.precisely")}</summary>
        <div className={`${form.form} ${styles.precise}`}>
          <Field label={t("settings.rules.query")} hint={t("settings.rules.queryHint")}>
            {(control) => (
              <input
                {...control}
                className={form.code}
                maxLength={1000}
                value={query}
                onChange={({ target }) => set({ query: target.value })}
              />
            )}
          </Field>
          <HeaderConditions headers={draft.headers} onChange={(headers) => set({ headers })} />
        </div>
      </details>
    </fieldset>
  );
}

const operatorOf = (text: string): Operator => OPERATORS.find((operator) => operator === text) ?? "words";
