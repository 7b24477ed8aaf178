/** Addresses that lead elsewhere; `*` is the domain's catch-all. */
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alias } from "../../../contract/admin.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button, IconButton } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { domainQuery } from "./queries.ts";

export function DomainAliases({ domain, aliases }: { domain: string; aliases: Alias[] }) {
  const { t } = useTranslation();
  const { isBusy, attempt: tryTo } = useAttempt();
  const [local, setLocal] = useState("");
  const [targets, setTargets] = useState("");
  const refresh = () => queryClient.invalidateQueries({ queryKey: domainQuery(domain).queryKey });
  const put = async (event: FormEvent) => {
    event.preventDefault();
    const saved = await tryTo(async () => {
      const body = { targets: targets.split(/[\s,;]+/).filter((target) => target !== "") };
      await call("PUT", `/admin/aliases/${encodeURIComponent(`${local.trim()}@${domain}`)}`, { body });
      await refresh();
    }, t("app.saved"));
    if (!saved) return;
    setLocal("");
    setTargets("");
  };
  const remove = (email: string) =>
    attempt(async () => {
      await call("DELETE", `/admin/aliases/${encodeURIComponent(email)}`);
      await refresh();
    }, t("app.deleted"));
  return (
    <section className={form.part} aria-labelledby="aliases">
      <h3 id="aliases">{t("admin.aliases.label")}</h3>
      <p className={form.intro}>{t("admin.aliases.intro")}</p>
      {aliases.length > 0 && (
        <ul className={form.rows}>
          {aliases.map(({ email, targets }) => (
            <li key={email} className={form.row}>
              <div className={form.main}>
                <strong>{email}</strong>
                {email.startsWith("*@") && <span className={form.badge}>{t("admin.aliases.catchAll")}</span>}
                <p className={form.more}>→ {targets.join(", ")}</p>
              </div>
              <IconButton label={t("app.deleteOne", { name: email })} onClick={() => void remove(email)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <form method="post" className={`${form.form} ${form.box}`} onSubmit={(event) => void put(event)}>
        <div className={form.pair}>
          <Field label={t("admin.aliases.local")} hint={t("admin.aliases.localHint", { domain })}>
            {(control) => (
              <input {...control} required value={local} onChange={({ target }) => setLocal(target.value)} />
            )}
          </Field>
          <Field label={t("admin.aliases.targets")} hint={t("admin.aliases.targetsHint")}>
            {(control) => (
              <input {...control} required value={targets} onChange={({ target }) => setTargets(target.value)} />
            )}
          </Field>
        </div>
        <div className={form.buttons}>
          <Button type="submit" disabled={isBusy}>
            {t("admin.aliases.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}
