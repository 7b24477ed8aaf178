/** A message as it came: its header field by field, or its bytes as text. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "../api/call.ts";
import { fieldsOf, headerOf } from "./header-fields.ts";
import styles from "./original.module.css";

/** Beyond this nobody reads it on a screen; the file has everything. */
const MOST_SHOWN = 512 * 1024;

export default function Original({ id, view }: { id: string; view: "original" | "headers" }) {
  const { t } = useTranslation();
  const { data: raw, error } = useQuery({ queryKey: ["raw", id], queryFn: ({ signal }) => beginning(id, signal) });
  if (error) return <p role="alert">{error.message}</p>;
  if (raw === undefined) return <div className={styles.waiting} aria-busy />;
  if (view === "headers") return <Fields header={headerOf(raw.text)} />;
  return (
    <>
      {/* A field, and not a paragraph: it is scrolled and searched by keyboard. */}
      <textarea className={styles.raw} readOnly aria-label={t("reading.views.original")} dir="ltr" value={raw.text} />
      {raw.isCut && <p>{t("reading.cut")}</p>}
    </>
  );
}

function Fields({ header }: { header: string }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.fields} aria-label={t("reading.views.headers")} dir="ltr">
      {fieldsOf(header).map(({ at, name, value }) => (
        <div key={at} className={styles.field}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** As text, each byte that is no UTF-8 marked as such. */
async function beginning(id: string, signal: AbortSignal): Promise<{ text: string; isCut: boolean }> {
  const { body } = await ask("GET", `/messages/${id}/raw`, { signal });
  if (body === null) return { text: "", isCut: false };
  let text = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text, isCut: false };
    text += value;
    if (text.length < MOST_SHOWN) continue;
    await reader.cancel();
    return { text: text.slice(0, MOST_SHOWN), isCut: true };
  }
}
