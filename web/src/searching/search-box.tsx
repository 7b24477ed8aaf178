import { Search } from "lucide-react";
import { type FormEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { INBOX } from "../app/place.ts";
import { usePlace } from "../app/use-place.ts";
import styles from "./search-box.module.css";

export function SearchBox() {
  const { t } = useTranslation();
  const [place, goTo] = usePlace();
  const field = useRef<HTMLInputElement>(null);
  const asked = place.screen === "search" ? place.q : "";
  useEffect(() => {
    if (field.current) field.current.value = asked;
  }, [asked]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const q = field.current?.value.trim() ?? "";
    goTo(q === "" ? INBOX : { screen: "search", q, opened: null });
  };
  return (
    <search>
      <form method="post" className={styles.form} onSubmit={submit}>
        <Search aria-hidden className={styles.icon} />
        <input
          ref={field}
          id="search"
          type="search"
          name="q"
          className={styles.field}
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          autoComplete="off"
        />
      </form>
    </search>
  );
}
