/** Where the account is logged in, tokens for programs, and the password. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AppToken, NewAppToken } from "../../../contract/sessions.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import { CopyButton } from "../design/copy-button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { relativeDate } from "../language/dates.ts";
import { browserOf } from "./browser-of.ts";
import { PasswordForm } from "./password.tsx";
import { sessionsQuery, tokensQuery } from "./queries.ts";

export default function Logins() {
  return (
    <>
      <PasswordForm />
      <Sessions />
      <Tokens />
    </>
  );
}

function Sessions() {
  const { t, i18n } = useTranslation();
  const { data: sessions = [] } = useQuery(sessionsQuery);
  const refresh = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = (path: string) =>
    attempt(async () => {
      await call("DELETE", path);
      await refresh();
    }, t("settings.logins.ended"));
  const others = sessions.filter(({ is_current }) => !is_current);
  return (
    <section className={form.part} aria-labelledby="sessions">
      <h3 id="sessions">{t("settings.logins.sessions")}</h3>
      <p className={form.intro}>{t("settings.logins.sessionsIntro")}</p>
      <ul className={form.rows}>
        {sessions.map(({ id, user_agent, last_used_at, is_current }) => (
          <li key={id} className={form.row}>
            <div className={form.main} title={user_agent}>
              <strong>{browserOf(user_agent) ?? t("settings.logins.program")}</strong>
              {is_current && <span className={form.badge}>{t("settings.logins.current")}</span>}
              <p className={form.more}>
                {t("settings.logins.used", { when: relativeDate(new Date(last_used_at), new Date(), i18n.language) })}
              </p>
            </div>
            {!is_current && <Button onClick={() => void end(`/sessions/${id}`)}>{t("settings.logins.end")}</Button>}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <div>
          <AskFirst
            label={t("settings.logins.endOthers")}
            question={t("settings.logins.endOthersQuestion")}
            confirm={t("settings.logins.endOthers")}
            onConfirm={() => void end("/sessions")}
          />
        </div>
      )}
    </section>
  );
}

function Tokens() {
  const { t } = useTranslation();
  const { data: tokens = [] } = useQuery(tokensQuery);
  const { isBusy, attempt: tryTo } = useAttempt();
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  // Here and nowhere else: it is gone with the section.
  const [made, setMade] = useState<NewAppToken | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const make = async (event: FormEvent) => {
    event.preventDefault();
    await tryTo(async () => {
      const body = { name, expires_in_days: days === "" ? null : Number(days) };
      setMade(await call<NewAppToken>("POST", "/tokens", { body }));
      setName("");
      await refresh();
    });
  };
  const remove = ({ id }: AppToken) =>
    attempt(async () => {
      await call("DELETE", `/tokens/${id}`);
      if (made?.id === id) setMade(null);
      await refresh();
    }, t("app.deleted"));
  return (
    <section className={form.part} aria-labelledby="tokens">
      <h3 id="tokens">{t("settings.logins.tokens")}</h3>
      <p className={form.intro}>{t("settings.logins.tokensIntro")}</p>
      <form method="post" className={`${form.form} ${form.box}`} onSubmit={(event) => void make(event)}>
        <div className={form.pair}>
          <Field label={t("settings.logins.tokenName")} hint={t("settings.logins.tokenNameHint")}>
            {(control) => (
              <input
                {...control}
                required
                maxLength={100}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
          <Field label={t("settings.logins.expires")} hint={t("settings.logins.expiresHint")}>
            {(control) => (
              <select {...control} value={days} onChange={({ target }) => setDays(target.value)}>
                <option value="">{t("settings.logins.never")}</option>
                {[30, 90, 365].map((count) => (
                  <option key={count} value={count}>
                    {t("settings.logins.afterDays", { count })}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className={form.buttons}>
          <Button kind="main" type="submit" disabled={isBusy}>
            {t("settings.logins.makeToken")}
          </Button>
        </div>
      </form>
      {made !== null && (
        <div role="status" className={form.note}>
          <p>{t("settings.logins.tokenOnce", { name: made.name })}</p>
          <div className={form.row}>
            <code className={`${form.main} ${form.code}`}>{made.token}</code>
            <CopyButton text={made.token} label={t("settings.logins.copyToken")} />
          </div>
        </div>
      )}
      {tokens.length > 0 && (
        <ul className={form.rows}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onDelete={() => void remove(token)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TokenRow({ token: { name, last_used_at, expires_at }, onDelete }: { token: AppToken; onDelete(): void }) {
  const { t, i18n } = useTranslation();
  const when = (moment: string) => relativeDate(new Date(moment), new Date(), i18n.language);
  const used =
    last_used_at === null ? t("settings.logins.neverUsed") : t("settings.logins.used", { when: when(last_used_at) });
  const expires = expires_at === null ? "" : t("settings.logins.goodUntil", { when: when(expires_at) });
  return (
    <li className={form.row}>
      <div className={form.main}>
        <strong>{name}</strong>
        <p className={form.more}>{[used, expires].filter(Boolean).join(" · ")}</p>
      </div>
      <AskFirst
        label={t("app.delete")}
        question={t("settings.logins.deleteTokenQuestion", { name })}
        confirm={t("app.delete")}
        onConfirm={onDelete}
      />
    </li>
  );
}
