import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../../../contract/admin.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { shortDate } from "../language/dates.ts";
import { AccountForm } from "./account-form.tsx";
import { domainQuery } from "./queries.ts";

export function Accounts({ domain, accounts }: { domain: string; accounts: Account[] }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className={form.part} aria-labelledby="accounts">
      <h3 id="accounts">{t("admin.accounts.label")}</h3>
      {accounts.length > 0 && (
        <ul className={form.rows}>
          {accounts.map(({ user_id, email, created_at }) => (
            <li key={user_id} className={form.row}>
              <div className={form.main}>
                <strong>{email}</strong>
                <p className={form.more}>
                  {t("admin.accounts.since", { date: shortDate(new Date(created_at), new Date(), i18n.language) })}
                </p>
              </div>
              <Button
                aria-expanded={open === email}
                aria-label={t("app.editOne", { name: email })}
                onClick={() => setOpen(open === email ? null : email)}
              >
                {t("app.edit")}
              </Button>
              {open === email && <AccountForm email={email} />}
            </li>
          ))}
        </ul>
      )}
      <NewAccount domain={domain} />
    </section>
  );
}

function NewAccount({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const empty = { local: "", name: "", password: "" };
  const [draft, setDraft] = useState(empty);
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const { local, name, password } = draft;
    const email = `${local.trim()}@${domain}`;
    const made = await attempt(
      async () => {
        await call("POST", "/admin/accounts", { body: { email, password, ...(name === "" ? {} : { name }) } });
        await queryClient.invalidateQueries({ queryKey: domainQuery(domain).queryKey });
      },
      t("admin.accounts.made", { email }),
    );
    if (made) setDraft(empty);
  };
  return (
    <form method="post" className={`${form.form} ${form.box}`} onSubmit={(event) => void make(event)}>
      <div className={form.pair}>
        <Field label={t("admin.accounts.local")} hint={`@${domain}`}>
          {(control) => (
            <input
              {...control}
              required
              autoComplete="off"
              value={draft.local}
              onChange={({ target }) => set({ local: target.value })}
            />
          )}
        </Field>
        <Field label={t("admin.accounts.name")}>
          {(control) => (
            <input {...control} value={draft.name} onChange={({ target }) => set({ name: target.value })} />
          )}
        </Field>
        <Field label={t("admin.accounts.password")} hint={t("admin.accounts.passwordHint")}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="new-password"
              required
              minLength={8}
              value={draft.password}
              onChange={({ target }) => set({ password: target.value })}
            />
          )}
        </Field>
      </div>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("admin.accounts.make")}
        </Button>
      </div>
    </form>
  );
}
