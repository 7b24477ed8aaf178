/** A rule over the mail that is here: how far it is. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { FilterRun } from "../../../../contract/filters.ts";
import { attempt } from "../../api/attempt.ts";
import { call } from "../../api/call.ts";
import { queryClient } from "../../api/query-client.ts";
import { Button } from "../../design/button.tsx";
import form from "../../design/form.module.css";
import { filtersQuery } from "../queries.ts";

/** Below the filters, which changes name when a run got on. */
const keyOf = (id: string) => [...filtersQuery.queryKey, "run", id];

/** Forwards and answers nothing: those who wrote are long past expecting it. */
export const startRun = (id: string) =>
  attempt(async () => queryClient.setQueryData(keyOf(id), await call<FilterRun>("POST", `/filters/${id}/runs`)));

export function RuleRun({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: run } = useQuery({
    queryKey: keyOf(id),
    queryFn: async ({ signal }) =>
      (await call<{ runs: FilterRun[] }>("GET", `/filters/${id}/runs`, { signal })).runs[0] ?? null,
  });
  if (!run) return null;
  const { state, messages, looked_at, changed } = run;
  const cancel = () =>
    attempt(async () =>
      queryClient.setQueryData(keyOf(id), await call<FilterRun>("DELETE", `/filters/${id}/runs/${run.id}`)),
    );
  if (state !== "running") {
    return <p className={form.more}>{t(`settings.rules.run.${state}`, { count: changed })}</p>;
  }
  return (
    <div className={form.row}>
      <div className={form.main}>
        <progress
          className={form.progress}
          max={Math.max(1, messages)}
          value={looked_at}
          aria-label={t("settings.rules.running")}
        />
        <p className={form.more}>{t("settings.rules.run.running", { looked: looked_at, all: messages })}</p>
      </div>
      <Button onClick={() => void cancel()}>{t("app.cancel")}</Button>
    </div>
  );
}
