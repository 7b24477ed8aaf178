/** Addresses that the owner gives away, each to somebody, and can switch off. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DisposableAlias, UpdateDisposableAlias } from "../../../contract/disposable-aliases.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import { CopyButton } from "../design/copy-button.tsx";
import { Check, Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { shortDate } from "../language/dates.ts";
import { aliasesQuery } from "./queries.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: aliasesQuery.queryKey });

export default function Aliases() {
  const { t } = useTranslation();
  const { data: aliases } = useQuery(aliasesQuery);
  if (aliases === undefined) return null;
  return (
    <div className={form.form}>
      <p className={form.intro}>{t("settings.aliases.intro")}</p>
      <NewAlias />
      {aliases.length > 0 && (
        <ul className={form.rows}>
          {aliases.toReversed().map((alias) => (
            <AliasRow key={alias.email} alias={alias} />
          ))}
        </ul>
      )}
    </div>
  );
}

function NewAlias() {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [note, setNote] = useState("");
  const [prefix, setPrefix] = useState("");
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const made = await attempt(async () => {
      await call("POST", "/aliases", { body: { note, ...(prefix.trim() === "" ? {} : { prefix: prefix.trim() }) } });
      await refresh();
    });
    if (!made) return;
    setNote("");
    setPrefix("");
  };
  return (
    <form method="post" className={`${form.form} ${form.box}`} onSubmit={(event) => void make(event)}>
      <div className={form.pair}>
        <Field label={t("settings.aliases.note")} hint={t("settings.aliases.noteHint")}>
          {(control) => (
            <input {...control} maxLength={200} value={note} onChange={({ target }) => setNote(target.value)} />
          )}
        </Field>
        <Field label={t("settings.aliases.prefix")} hint={t("settings.aliases.prefixHint")}>
          {(control) => (
            <input {...control} maxLength={20} value={prefix} onChange={({ target }) => setPrefix(target.value)} />
          )}
        </Field>
      </div>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("settings.aliases.make")}
        </Button>
      </div>
    </form>
  );
}

function AliasRow({ alias: { email, note, is_active, created_at } }: { alias: DisposableAlias }) {
  const { t, i18n } = useTranslation();
  /** Shown at once, and as it was where it is refused. */
  const change = async (body: UpdateDisposableAlias) => {
    queryClient.setQueryData(aliasesQuery.queryKey, (aliases) =>
      aliases?.map((alias) => (alias.email === email ? ({ ...alias, ...body } as DisposableAlias) : alias)),
    );
    await attempt(() => call("PATCH", `/aliases/${encodeURIComponent(email)}`, { body }));
    await refresh();
  };
  const remove = () =>
    attempt(async () => {
      await call("DELETE", `/aliases/${encodeURIComponent(email)}`);
      await refresh();
    }, t("app.deleted"));
  return (
    <li className={form.row}>
      <div className={form.main}>
        <strong>{email}</strong>
        <p className={form.more}>
          {[note, shortDate(new Date(created_at), new Date(), i18n.language)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <Check
        label={t("settings.aliases.active")}
        checked={is_active}
        onChange={(active) => void change({ is_active: active })}
      />
      <CopyButton text={email} label={t("app.copyOne", { name: email })} />
      <AskFirst
        label={t("app.delete")}
        question={t("settings.aliases.deleteQuestion", { email })}
        confirm={t("app.delete")}
        onConfirm={() => void remove()}
      />
    </li>
  );
}
