import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import styles from "./admin.module.css";
import { operatorSignIn } from "./operator.ts";

export function OperatorSignIn() {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState("");
  const [secret, setSecret] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setComplaint("");
    setBusy(true);
    try {
      await operatorSignIn(secret);
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : String(error));
      field.current?.select();
    }
    setBusy(false);
  };
  return (
    <main className={styles.door}>
      <form method="post" className={form.form} onSubmit={(event) => void submit(event)}>
        <h1>{t("admin.label")}</h1>
        <Field label={t("admin.secret")} hint={t("admin.secretHint")}>
          {(control) => (
            <input
              {...control}
              ref={field}
              type="password"
              // biome-ignore lint/a11y/noAutofocus: the page has nothing before it, and is for nothing else
              autoFocus
              autoComplete="off"
              required
              value={secret}
              onChange={({ target }) => setSecret(target.value)}
            />
          )}
        </Field>
        <p role="alert" className={styles.complaint}>
          {complaint}
        </p>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.signIn.signIn")}
        </Button>
      </form>
    </main>
  );
}
