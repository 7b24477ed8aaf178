import { Ellipsis, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { IconButton } from "../design/button.tsx";
import { isShownIn } from "./answer.ts";
import styles from "./composer.module.css";
import type { Writing } from "./writing.ts";

/** What a rich letter answers or passes on: it goes along as it came, unless it is taken out. */
export function QuotedBelow({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const { quote, html, attachments } = useStore(writing.store, ({ letter }) => letter);
  if (quote === null) return null;
  const remove = () => {
    const isOnlyThere = (id: string | null) => isShownIn(quote.html, id) && !isShownIn(html ?? "", id);
    writing.edit({ quote: null, attachments: attachments.filter(({ content_id }) => !isOnlyThere(content_id)) });
  };
  return (
    <details className={styles.quote}>
      <summary title={t("composing.quote.show")}>
        <Ellipsis role="img" aria-label={t("composing.quote.show")} />
      </summary>
      <div className={styles.quoted}>
        <p>{quote.text}</p>
        <IconButton label={t("composing.quote.remove")} onClick={remove}>
          <Trash2 />
        </IconButton>
      </div>
    </details>
  );
}
