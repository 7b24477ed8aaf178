/** A message within a message, as text: who wrote it to whom, and what it says. */
import { useQuery } from "@tanstack/react-query";
import PostalMime, { type Address } from "postal-mime";
import { useTranslation } from "react-i18next";
import { longDate } from "../language/dates.ts";
import { sizeInWords } from "../language/sizes.ts";
import styles from "./attachment-preview.module.css";
import type { PreviewProps } from "./attachment-preview.tsx";
import { PlainText } from "./plain-text.tsx";

/** Parts within parts within parts are a sender's joke. */
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 256 * 1024 };

export default function NestedMessage({ id, bytes }: PreviewProps) {
  const { t, i18n } = useTranslation();
  const { data: message, error } = useQuery({
    queryKey: ["nested", id],
    queryFn: async () => PostalMime.parse(await bytes.arrayBuffer(), LIMITS),
    gcTime: 0,
  });
  if (error) return <p role="alert">{t("reading.cannotShow")}</p>;
  if (message === undefined) return <div className={styles.waiting} aria-busy />;
  const { from, to, cc, subject, date, text, html, attachments } = message;
  const facts = [
    [t("reading.fields.from"), namesOf(from ? [from] : [])],
    [t("reading.fields.to"), namesOf(to)],
    [t("reading.fields.cc"), namesOf(cc)],
    [t("reading.fields.date"), date && !Number.isNaN(Date.parse(date)) ? longDate(new Date(date), i18n.language) : ""],
  ] as const;
  return (
    <article className={styles.nested}>
      <h2>{subject || t("app.noSubject")}</h2>
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
      <PlainText body={text ?? textOf(html ?? "")} />
      {attachments.length > 0 && (
        <ul>
          {attachments.map(({ filename, content }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have no names that tell them apart, and never move
            <li key={n}>
              {filename || t("reading.unnamed")} · {sizeInWords(sizeOf(content), i18n.language)}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

const namesOf = (addresses: Address[] | undefined): string =>
  (addresses ?? [])
    .flatMap(({ name, address, group }) =>
      group ? group.map((one) => one.address) : [name ? `${name} <${address}>` : address],
    )
    .join(", ");

/** What HTML says. The document that is made of it is in no page: nothing in it runs or is loaded. */
function textOf(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const unread of body.querySelectorAll("style, script, template")) unread.remove();
  for (const end of body.querySelectorAll("br, p, div, tr, li, h1, h2, h3, blockquote")) end.append("\n");
  return (body.textContent ?? "")
    .replaceAll(/[ \t]+/g, " ")
    .replaceAll(/\s*\n\s*\n\s*/g, "\n\n")
    .trim();
}

const sizeOf = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === "string" ? content.length : content.byteLength;
