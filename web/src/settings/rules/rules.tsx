/** The rules, in the order in which they are asked. */
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Filter } from "../../../../contract/filters.ts";
import { attempt } from "../../api/attempt.ts";
import { call } from "../../api/call.ts";
import { queryClient } from "../../api/query-client.ts";
import { AskFirst } from "../../design/ask-first.tsx";
import { Button, IconButton } from "../../design/button.tsx";
import form from "../../design/form.module.css";
import { filtersQuery } from "../queries.ts";
import { RuleForm } from "./rule-form.tsx";
import { RuleRun, startRun } from "./rule-run.tsx";
import styles from "./rules.module.css";
import { useRuleInWords } from "./use-rule-in-words.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: filtersQuery.queryKey });

export default function Rules() {
  const { t } = useTranslation();
  const { data: filters } = useQuery(filtersQuery);
  const [open, setOpen] = useState<Filter | "new" | null>(null);
  if (filters === undefined) return null;
  /** Shown at once, and as it was where it is refused. */
  const move = (from: number, to: number) => {
    const moved = filters[from];
    if (moved === undefined) return;
    const order = filters.toSpliced(from, 1).toSpliced(to, 0, moved);
    queryClient.setQueryData(filtersQuery.queryKey, order);
    void attempt(() => call("PUT", "/filters/order", { body: { ids: order.map(({ id }) => id) } })).then(refresh);
  };
  return (
    <div className={form.form}>
      <p className={form.intro}>{t("settings.rules.intro")}</p>
      {filters.length > 0 && (
        <ol className={`${form.rows} ${styles.rules}`}>
          {filters.map((filter, n) => (
            <RuleRow
              key={filter.id}
              filter={filter}
              onEdit={() => setOpen(filter)}
              onUp={n > 0 ? () => move(n, n - 1) : undefined}
              onDown={n < filters.length - 1 ? () => move(n, n + 1) : undefined}
            />
          ))}
        </ol>
      )}
      <div>
        <Button kind="main" onClick={() => setOpen("new")}>
          {t("settings.rules.new")}
        </Button>
      </div>
      {open !== null && <RuleForm filter={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </div>
  );
}

interface RuleRowProps {
  filter: Filter;
  onEdit(): void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

function RuleRow({ filter, onEdit, onUp, onDown }: RuleRowProps) {
  const { t } = useTranslation();
  const { when, deeds } = useRuleInWords(filter);
  const { id, is_enabled } = filter;
  const name = filter.name || when;
  const enable = async (isOn: boolean) => {
    queryClient.setQueryData(filtersQuery.queryKey, (filters) =>
      filters?.map((one) => (one.id === id ? { ...one, is_enabled: isOn } : one)),
    );
    await attempt(() => call("PATCH", `/filters/${id}`, { body: { is_enabled: isOn } }));
    await refresh();
  };
  const remove = () =>
    attempt(async () => {
      await call("DELETE", `/filters/${id}`);
      await refresh();
    }, t("app.deleted"));
  return (
    <li className={form.row}>
      <input
        type="checkbox"
        aria-label={t("settings.rules.enabled", { name })}
        title={t("settings.rules.enabled", { name })}
        checked={is_enabled}
        onChange={({ target }) => void enable(target.checked)}
      />
      <div className={form.main} data-off={!is_enabled}>
        <strong>{name}</strong>
        <p className={form.more}>{[filter.name === "" ? "" : when, deeds].filter(Boolean).join(" → ")}</p>
      </div>
      <div className={styles.deeds}>
        <IconButton label={t("settings.rules.up", { name })} onClick={onUp} disabled={onUp === undefined}>
          <ArrowUp />
        </IconButton>
        <IconButton label={t("settings.rules.down", { name })} onClick={onDown} disabled={onDown === undefined}>
          <ArrowDown />
        </IconButton>
        <Button onClick={() => void startRun(id)}>{t("settings.rules.apply")}</Button>
        <Button onClick={onEdit} aria-label={t("app.editOne", { name })}>
          {t("app.edit")}
        </Button>
        <AskFirst
          label={t("app.deleteOne", { name })}
          question={t("settings.rules.deleteQuestion")}
          confirm={t("app.delete")}
          icon={<Trash2 />}
          onConfirm={() => void remove()}
        />
      </div>
      <div className={styles.run}>
        <RuleRun id={id} />
      </div>
    </li>
  );
}
