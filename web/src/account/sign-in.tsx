import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../design/button.tsx";
import styles from "./sign-in.module.css";
import { signIn } from "./signed-in.ts";

export function SignIn() {
  const { t } = useTranslation();
  const [complaint, setComplaint] = useState(navigator.cookieEnabled ? "" : t("app.signIn.cookies"));
  const [isBusy, setBusy] = useState(false);
  const [isShown, setShown] = useState(false);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(event.currentTarget));
    setComplaint("");
    setBusy(true);
    try {
      await signIn(String(typed.email).trim(), String(typed.password));
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : String(error));
      password.current?.select();
    }
    setBusy(false);
  };

  return (
    <main className={styles.page}>
      {/* `post`, so that a password cannot end in an address bar, whatever becomes of the script. */}
      <form className={styles.form} method="post" onSubmit={(event) => void submit(event)}>
        <p className={styles.wordmark}>Mailmesh</p>
        <h1 className={styles.title}>{t("app.signIn.title")}</h1>
        <label>
          {t("app.signIn.address")}
          {/* No type="email": browsers take only ASCII before the @ there, and RFC 6531 takes more. */}
          <input
            name="email"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            autoComplete="username"
            // biome-ignore lint/a11y/noAutofocus: the page has nothing before it, and is for nothing else
            autoFocus
            required
          />
        </label>
        <label>
          {t("app.signIn.password")}
          <span className={styles.password}>
            <input
              ref={password}
              name="password"
              type={isShown ? "text" : "password"}
              autoCapitalize="none"
              spellCheck={false}
              autoComplete="current-password"
              required
            />
            <IconButton label={t("app.signIn.show")} aria-pressed={isShown} onClick={() => setShown(!isShown)}>
              {isShown ? <EyeOff /> : <Eye />}
            </IconButton>
          </span>
        </label>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.signIn.signIn")}
        </Button>
        <p role="alert" className={styles.complaint}>
          {complaint}
        </p>
        <p className={styles.whence}>{t("app.signIn.whence")}</p>
      </form>
    </main>
  );
}
