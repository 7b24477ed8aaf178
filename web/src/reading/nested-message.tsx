/** A message within a message, as text: who wrote it to whom, and what it says. Read as the server reads mail. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../contract/addresses.ts";
import { parseMessage } from "../../../mail/parse/parse-message.ts";
import { longDate } from "../language/dates.ts";
import { sizeInWords } from "../language/sizes.ts";
import styles from "./attachment-preview.module.css";
import type { PreviewProps } from "./attachment-preview.tsx";
import { fullName } from "./message-head.tsx";
import { PlainText } from "./plain-text.tsx";

export default function NestedMessage({ id, bytes }: PreviewProps) {
  const { t, i18n } = useTranslation();
  const { data: message, error } = useQuery({
    queryKey: ["nested", id],
    queryFn: async () => parseMessage(new Uint8Array(await bytes.arrayBuffer())),
    gcTime: 0,
  });
  if (error) return <p role="alert">{t("reading.cannotShow")}</p>;
  if (message === undefined) return <div className={styles.waiting} aria-busy />;
  const { from, to, cc, subject, date, text, attachments } = message;
  const names = (addresses: Address[]) => addresses.map(fullName).join(", ");
  const facts = [
    [t("reading.fields.from"), from ? fullName(from) : ""],
    [t("reading.fields.to"), names(to)],
    [t("reading.fields.cc"), names(cc)],
    [t("reading.fields.date"), date === null ? "" : longDate(new Date(date), i18n.language)],
  ] as const;
  return (
    <article className={styles.nested}>
      <h2 dir="auto">{subject || t("app.noSubject")}</h2>
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== "" && (
              <div key={name} className={styles.fact}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <PlainText body={text} />
      {attachments.length > 0 && (
        <ul>
          {attachments.map(({ n, filename, size }) => (
            <li key={n}>
              {filename || t("reading.unnamed")} · {sizeInWords(size, i18n.language)}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
