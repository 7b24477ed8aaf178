/** Sieve scripts: checked while they are written, kept when they have no mistake, at most one of them active. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SieveScript, SieveScriptText } from "../../../contract/sieve.ts";
import { attempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import form from "../design/form.module.css";
import { longDate } from "../language/dates.ts";
import { sieveQuery } from "./queries.ts";
import { SieveEditor } from "./sieve-editor.tsx";

const refresh = () => queryClient.invalidateQueries({ queryKey: sieveQuery.queryKey });
const pathOf = (name: string) => `/sieve/${encodeURIComponent(name)}`;

interface Opened {
  name: string | null;
  script: string;
}

export default function Sieve() {
  const { t, i18n } = useTranslation();
  const { data: sieve } = useQuery(sieveQuery);
  const [open, setOpen] = useState<Opened | null>(null);
  if (sieve === undefined) return null;
  const edit = (name: string) =>
    attempt(async () => setOpen({ name, script: (await call<SieveScriptText>("GET", pathOf(name))).script }));
  const done = async () => {
    await refresh();
    setOpen(null);
  };
  if (open !== null) {
    return <SieveEditor {...open} capabilities={sieve.capabilities} onDone={() => void done()} />;
  }
  const { scripts, last_error } = sieve;
  return (
    <div className={form.form}>
      <p className={form.intro}>{t("settings.sieve.intro")}</p>
      {last_error !== null && (
        <p role="alert" className={form.note}>
          {t("settings.sieve.lastError", {
            name: last_error.script,
            when: longDate(new Date(last_error.at), i18n.language),
            message: last_error.message,
          })}
        </p>
      )}
      {scripts.length > 0 && (
        <ul className={form.rows}>
          {scripts.map((script) => (
            <ScriptRow key={script.name} script={script} onEdit={() => void edit(script.name)} />
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => setOpen({ name: null, script: "" })}>{t("settings.sieve.new")}</Button>
      </div>
    </div>
  );
}

function ScriptRow({ script: { name, is_active, size }, onEdit }: { script: SieveScript; onEdit(): void }) {
  const { t } = useTranslation();
  const run = (method: string, path: string, said?: string) =>
    attempt(async () => {
      await call(method, path);
      await refresh();
    }, said);
  return (
    <li className={form.row}>
      <div className={form.main}>
        <strong>{name}</strong>
        {is_active && <span className={`${form.badge} ${form.good}`}>{t("settings.sieve.active")}</span>}
        <p className={form.more}>{t("settings.sieve.size", { count: size })}</p>
      </div>
      {is_active ? (
        <Button onClick={() => void run("POST", "/sieve/deactivate")}>{t("settings.sieve.deactivate")}</Button>
      ) : (
        <Button onClick={() => void run("POST", `${pathOf(name)}/activate`)}>{t("settings.sieve.activate")}</Button>
      )}
      <Button onClick={onEdit} aria-label={t("app.editOne", { name })}>
        {t("app.edit")}
      </Button>
      {!is_active && (
        <AskFirst
          label={t("app.delete")}
          question={t("settings.sieve.deleteQuestion", { name })}
          confirm={t("app.delete")}
          onConfirm={() => void run("DELETE", pathOf(name), t("app.deleted"))}
        />
      )}
    </li>
  );
}
