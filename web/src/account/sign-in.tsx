import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import styles from "./sign-in.module.css";
import { signIn } from "./signed-in.ts";

export function SignIn() {
  const { t } = useTranslation();
  const [complaint, setComplaint] = useState("");
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    setComplaint("");
    setBusy(true);
    await signIn(String(email).trim(), String(password)).catch((error: Error) => setComplaint(error.message));
    setBusy(false);
  };

  return (
    <main className={styles.page}>
      {/* `post`, so that a password cannot end in an address bar, whatever becomes of the script. */}
      <form className={styles.form} method="post" onSubmit={(event) => void submit(event)}>
        <h1 className={styles.wordmark}>Mailmesh</h1>
        <label>
          {t("app.signIn.address")}
          {/* No type="email": browsers take only ASCII before the @ there, and RFC 6531 takes more. */}
          <input
            name="email"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            autoComplete="username"
            required
          />
        </label>
        <label>
          {t("app.signIn.password")}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.signIn.signIn")}
        </Button>
        <p role="alert" className={styles.complaint}>
          {complaint}
        </p>
      </form>
    </main>
  );
}
