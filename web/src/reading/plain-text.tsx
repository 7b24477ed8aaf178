/** Text as text: its addresses are links, and what it repeats of others is folded. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { linksIn } from "./links-in.ts";
import { splitQuoted } from "./quoted-text.ts";
import styles from "./reading.module.css";

export function PlainText({ body }: { body: string }) {
  const { t } = useTranslation();
  const { text, quoted } = useMemo(() => splitQuoted(body), [body]);
  return (
    <div className={styles.text} dir="auto">
      <Linked text={text} />
      {quoted !== "" && (
        <details className={styles.quoted}>
          <summary>⋯ {t("reading.quoted")}</summary>
          <div>
            <Linked text={quoted} />
          </div>
        </details>
      )}
    </div>
  );
}

function Linked({ text }: { text: string }) {
  return useMemo(
    () =>
      linksIn(text).map(({ at, text, href }) =>
        href === null ? (
          text
        ) : (
          <a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {text}
          </a>
        ),
      ),
    [text],
  );
}
