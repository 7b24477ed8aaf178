/** Conditions on any header field, by its name. */
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { HeaderMatch } from "../../../../contract/filters.ts";
import { MAX_HEADER_MATCHES } from "../../../../contract/limits.ts";
import { Button, IconButton } from "../../design/button.tsx";
import { Check } from "../../design/field.tsx";
import form from "../../design/form.module.css";
import styles from "./rules.module.css";

const MATCHES = ["contains", "is", "matches", "exists"] as const;

export function HeaderConditions({ headers, onChange }: { headers: HeaderMatch[]; onChange(to: HeaderMatch[]): void }) {
  const { t } = useTranslation();
  const replace = (n: number, match: HeaderMatch) => onChange(headers.with(n, match));
  return (
    <>
      {headers.map((header, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and keep their order
        <div key={n} className={styles.header}>
          <input
            aria-label={t("settings.rules.field")}
            placeholder="List-Id"
            required
            value={header.field}
            onChange={({ target }) => replace(n, { ...header, field: target.value })}
          />
          <select
            aria-label={t("settings.rules.how")}
            value={header.match}
            onChange={({ target }) => replace(n, matchAs(header, target.value))}
          >
            {MATCHES.map((match) => (
              <option key={match} value={match}>
                {t(`settings.rules.matches.${match}`)}
              </option>
            ))}
          </select>
          {header.match !== "exists" && (
            <input
              aria-label={t("settings.rules.value")}
              required
              maxLength={200}
              value={header.value}
              onChange={({ target }) => replace(n, { ...header, value: target.value })}
            />
          )}
          <Check
            label={t("settings.rules.not")}
            checked={header.is_not}
            onChange={(is_not) => replace(n, { ...header, is_not })}
          />
          <IconButton
            label={t("app.removeOne", { name: header.field })}
            onClick={() => onChange(headers.toSpliced(n, 1))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {headers.length < MAX_HEADER_MATCHES && (
        <div className={form.buttons}>
          <Button onClick={() => onChange([...headers, { field: "", match: "contains", value: "", is_not: false }])}>
            {t("settings.rules.addHeader")}
          </Button>
        </div>
      )}
    </>
  );
}

function matchAs(header: HeaderMatch, text: string): HeaderMatch {
  const { field, is_not } = header;
  const match = MATCHES.find((name) => name === text) ?? "contains";
  if (match === "exists") return { field, is_not, match };
  return { field, is_not, match, value: header.match === "exists" ? "" : header.value };
}
