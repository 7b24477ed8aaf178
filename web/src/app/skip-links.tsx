/** First for the keyboard: past all that stands before what somebody came for. Seen once they have it. */
import { useTranslation } from "react-i18next";
import { Button } from "../design/button.tsx";
import { focusList } from "../list/shown-list.ts";
import styles from "./skip-links.module.css";

export const MAIN = "main";

/** Buttons, since a link to # would be another address, and behind the # of a search stands what is searched for. */
export function SkipLinks({ hasList, hasMain }: { hasList: boolean; hasMain: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={styles.links}>
      {hasList && <Button onClick={focusList}>{t("app.skip.list")}</Button>}
      {hasMain && (
        <Button onClick={() => document.getElementById(MAIN)?.focus()}>
          {hasList ? t("app.skip.message") : t("app.skip.settings")}
        </Button>
      )}
    </div>
  );
}
