import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSignedIn } from "../account/signed-in.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { sessionsQuery, tokensQuery } from "./queries.ts";

/** Changing it ends all other logins, tokens among them. */
export function PasswordForm() {
  const { t } = useTranslation();
  const address = useSignedIn((state) => state.address);
  const { isBusy, attempt } = useAttempt();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const change = async (event: FormEvent) => {
    event.preventDefault();
    const changed = await attempt(async () => {
      await call("PUT", "/password", { body: { current_password: current, new_password: wanted } });
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
    }, t("settings.logins.passwordChanged"));
    if (!changed) return;
    setCurrent("");
    setWanted("");
  };
  return (
    <section className={form.part} aria-labelledby="password">
      <h3 id="password">{t("settings.logins.password")}</h3>
      <p className={form.intro}>{t("settings.logins.passwordIntro")}</p>
      <form method="post" className={form.form} onSubmit={(event) => void change(event)}>
        {/* For the browser's own keeper of passwords. */}
        <input type="email" autoComplete="username" value={address ?? ""} readOnly hidden />
        <div className={form.pair}>
          <Field label={t("settings.logins.currentPassword")}>
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                value={current}
                onChange={({ target }) => setCurrent(target.value)}
              />
            )}
          </Field>
          <Field label={t("settings.logins.newPassword")}>
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete="new-password"
                required
                minLength={8}
                value={wanted}
                onChange={({ target }) => setWanted(target.value)}
              />
            )}
          </Field>
        </div>
        <div className={form.buttons}>
          <Button type="submit" disabled={isBusy}>
            {t("settings.logins.changePassword")}
          </Button>
        </div>
      </form>
    </section>
  );
}
