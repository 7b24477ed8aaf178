/** Searches that were kept by name, below the folders. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { SavedSearch } from "../../../contract/saved-searches.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { useListPlace } from "../app/address-bar.ts";
import { addressOf } from "../app/place.ts";
import { IconButton } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import styles from "./saved-searches.module.css";

export function SavedSearches() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useListPlace();
  const { data } = useQuery({
    queryKey: keys.searches,
    queryFn: ({ signal }) => call<{ searches: SavedSearch[] }>("GET", "/searches", { signal }),
  });
  const named = data?.searches.filter(({ name }) => name !== null) ?? [];
  if (named.length === 0) return null;
  const forget = async (id: string) => {
    await call("DELETE", `/searches/${id}`).catch((error: Error) => notify(error.message, { kind: "failed" }));
    await client.invalidateQueries({ queryKey: keys.searches });
  };
  return (
    <section className={styles.section} aria-labelledby="saved-searches">
      <h2 id="saved-searches" className={styles.heading}>
        {t("search.searches")}
      </h2>
      <ul>
        {named.map(({ id, name, query }) => (
          <li key={id} className={styles.search}>
            <Link
              href={addressOf({ screen: "search", q: query, opened: null })}
              aria-current={place?.screen === "search" && place.q === query ? "page" : undefined}
              className={styles.link}
            >
              <Bookmark aria-hidden />
              <span className={styles.name}>{name}</span>
            </Link>
            <span className={styles.forget}>
              <IconButton label={t("search.forget", { name: name ?? "" })} onClick={() => void forget(id)}>
                <X />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
