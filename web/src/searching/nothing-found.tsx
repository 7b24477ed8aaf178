/** What can be done about a search that found nothing. */
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../app/place.ts";
import styles from "./nothing-found.module.css";

export function NothingFound({ q }: { q: string }) {
  const { t } = useTranslation();
  // A folder that is named is looked in already, whichever it is.
  const isEverywhere = /(^|[\s(-])(in|label):/i.test(q);
  return (
    <div className={styles.nothing}>
      <p className={styles.said}>{t("search.nothing")}</p>
      <p>{t("search.wholeWords")}</p>
      {!isEverywhere && (
        <Link href={addressOf({ screen: "search", q: `${q} in:anywhere`, opened: null })}>
          {t("search.lookEverywhere")}
        </Link>
      )}
    </div>
  );
}
