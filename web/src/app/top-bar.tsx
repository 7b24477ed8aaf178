import { Settings as SettingsIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { signOut, useSignedIn } from "../account/signed-in.ts";
import { Button } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import { useConnection } from "../live/connection.ts";
import { SearchBox } from "../searching/search-box.tsx";
import { addressOf, INBOX } from "./place.ts";
import styles from "./top-bar.module.css";

export function TopBar() {
  const { t } = useTranslation();
  const address = useSignedIn((state) => state.address);
  const isLost = useConnection((state) => state.connection === "lost");
  return (
    <header className={styles.bar}>
      <Link href={addressOf(INBOX)} className={styles.wordmark}>
        Mailmesh
      </Link>
      <SearchBox />
      <p role="status" className={styles.lost}>
        {isLost && t("app.connection.lost")}
      </p>
      <span className={styles.address}>{address}</span>
      <Link
        href={addressOf({ screen: "settings", section: "" })}
        className={styles.settings}
        aria-label={t("app.settings")}
      >
        <SettingsIcon aria-hidden />
      </Link>
      <Button
        kind="quiet"
        onClick={() => void signOut().catch((error: Error) => notify(error.message, { kind: "failed" }))}
      >
        {t("app.signOut")}
      </Button>
    </header>
  );
}
