import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { writeAddress } from "./address-list.ts";
import styles from "./composer.module.css";
import { identitiesQuery } from "./queries.ts";
import { identityOf, resign } from "./signatures.ts";
import type { Writing } from "./writing.ts";

/** Who it is from, where there is a choice. */
export function FromField({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const { data: identities = [] } = useQuery(identitiesQuery);
  const from = useStore(writing.store, ({ letter }) => letter.from);
  const identity = identityOf(identities, from);
  if (identities.length < 2) return null;
  const choose = (email: string) => {
    const chosen = identityOf(identities, email);
    const { letter } = writing.store.getState();
    if (chosen) writing.edit({ ...resign(letter, identity, chosen), from: email });
  };
  return (
    <label className={styles.field}>
      <span className={styles.label}>{t("composing.from")}</span>
      <select className={styles.input} value={identity?.email} onChange={({ target }) => choose(target.value)}>
        {identities.map(({ id, name, email }) => (
          <option key={id} value={email}>
            {writeAddress({ name, email })}
          </option>
        ))}
      </select>
    </label>
  );
}
