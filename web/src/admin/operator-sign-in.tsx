import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAttempt } from "../api/attempt.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import styles from "./admin.module.css";
import { operatorSignIn } from "./operator.ts";

export function OperatorSignIn() {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [secret, setSecret] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => operatorSignIn(secret));
  };
  return (
    <main className={styles.door}>
      <form method="post" className={form.form} onSubmit={submit}>
        <h1>{t("admin.label")}</h1>
        <Field label={t("admin.secret")} hint={t("admin.secretHint")}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              required
              value={secret}
              onChange={({ target }) => setSecret(target.value)}
            />
          )}
        </Field>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.signIn.signIn")}
        </Button>
      </form>
    </main>
  );
}
