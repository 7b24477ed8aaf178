import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { announce } from "../design/announcements.tsx";
import { useConnection } from "../live/connection.ts";
import { SearchBox } from "../searching/search-box.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { addressOf, INBOX } from "./place.ts";
import styles from "./top-bar.module.css";

export const TopBar = memo(function TopBar() {
  const { t } = useTranslation();
  const isLost = useConnection((state) => state.connection === "lost");
  useAnnounceConnection(isLost);
  return (
    <header className={styles.bar}>
      <Link href={addressOf(INBOX)} className={styles.wordmark}>
        Mailmesh
      </Link>
      <SearchBox />
      <p className={styles.lost}>{isLost && t("app.connection.lost")}</p>
      <AccountMenu />
    </header>
  );
});

function useAnnounceConnection(isLost: boolean): void {
  const { t } = useTranslation();
  const was = useRef(isLost);
  useEffect(() => {
    if (was.current === isLost) return;
    was.current = isLost;
    announce("connection", isLost ? t("app.connection.lost") : t("announcing.connected"));
  }, [isLost, t]);
}
