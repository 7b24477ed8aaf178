import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useConnection } from "../live/connection.ts";
import { SearchBox } from "../searching/search-box.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { addressOf, INBOX } from "./place.ts";
import styles from "./top-bar.module.css";

export function TopBar() {
  const { t } = useTranslation();
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
      <AccountMenu />
    </header>
  );
}
