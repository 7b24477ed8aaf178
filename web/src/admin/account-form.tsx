/** What an operator sets of one account, each by itself; and whether its mailbox is sound. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Sending } from "../../../contract/sending.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { accountPath } from "./queries.ts";
import { Verify } from "./verify.tsx";

const GIGABYTE = 1000 ** 3;

export function AccountForm({ email }: { email: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [gigabytes, setGigabytes] = useState("");
  const [daily, setDaily] = useState("");
  const path = accountPath(email);
  const sending = (body: { daily_recipients: number } | { is_stopped: boolean }, done: string) =>
    attempt(() => call<Sending>("PUT", `${path}/sending`, { body }), done);
  return (
    <div className={`${form.form} ${form.box} ${form.whole}`}>
      <One
        onSave={() => call("PUT", `${path}/password`, { body: { password } })}
        done={t("admin.accounts.passwordSet")}
        button={t("admin.accounts.setPassword")}
      >
        <Field label={t("admin.accounts.newPassword")} hint={t("admin.accounts.newPasswordHint")}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="new-password"
              required
              minLength={8}
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
      </One>
      <One
        onSave={() => call("PUT", `${path}/quota`, { body: { quota_bytes: Math.round(Number(gigabytes) * GIGABYTE) } })}
        done={t("app.saved")}
        button={t("admin.accounts.setQuota")}
      >
        <Field label={t("admin.accounts.quota")} hint={t("admin.accounts.quotaHint")}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={0}
              step="any"
              required
              value={gigabytes}
              onChange={({ target }) => setGigabytes(target.value)}
            />
          )}
        </Field>
      </One>
      <One
        onSave={() => call("PUT", `${path}/sending`, { body: { daily_recipients: Number(daily) } })}
        done={t("app.saved")}
        button={t("admin.accounts.setSending")}
      >
        <Field label={t("admin.accounts.sending")} hint={t("admin.accounts.sendingHint")}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={0}
              required
              value={daily}
              onChange={({ target }) => setDaily(target.value)}
            />
          )}
        </Field>
      </One>
      <div className={form.buttons}>
        <Button kind="danger" onClick={() => void sending({ is_stopped: true }, t("admin.accounts.stopped"))}>
          {t("admin.accounts.stop")}
        </Button>
        <Button onClick={() => void sending({ is_stopped: false }, t("admin.accounts.lifted"))}>
          {t("admin.accounts.lift")}
        </Button>
      </div>
      <Verify email={email} />
    </div>
  );
}

interface OneProps {
  onSave(): Promise<unknown>;
  done: string;
  button: string;
  children: ReactNode;
}

function One({ onSave, done, button, children }: OneProps) {
  const { isBusy, attempt } = useAttempt();
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(onSave, done);
  };
  return (
    <form method="post" className={form.inline} onSubmit={save}>
      {children}
      <Button type="submit" disabled={isBusy}>
        {button}
      </Button>
    </form>
  );
}
