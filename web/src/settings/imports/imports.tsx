/** Mail from elsewhere, brought in from a file; and all mail as a file. */
import { useQuery } from "@tanstack/react-query";
import { Upload as UploadIcon } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "../../api/attempt.ts";
import { Button } from "../../design/button.tsx";
import form from "../../design/form.module.css";
import { notify } from "../../design/notices.tsx";
import { importsQuery } from "../queries.ts";
import { Export } from "./export.tsx";
import { ImportRow } from "./import-row.tsx";
import styles from "./imports.module.css";
import { upload } from "./upload.ts";

export const ACCEPTED = ".mbox,.mbx,.eml,.zip,.tar,.tgz,.gz";

export default function Imports() {
  const { t } = useTranslation();
  const { data: imports = [] } = useQuery(importsQuery);
  return (
    <>
      <section className={form.part} aria-labelledby="import">
        <h3 id="import">{t("settings.imports.import")}</h3>
        <p className={form.intro}>{t("settings.imports.intro")}</p>
        <FileChoice />
        {imports.length > 0 && (
          <ul className={form.rows} aria-label={t("settings.imports.list")}>
            {imports.map((one) => (
              <ImportRow key={one.id} summary={one} />
            ))}
          </ul>
        )}
        <details className={styles.from} open={imports.length === 0}>
          <summary>{t("settings.imports.where")}</summary>
          <ul>
            {(["gmail", "thunderbird", "apple", "outlook", "server"] as const).map((program) => (
              <li key={program}>{t(`settings.imports.from.${program}`)}</li>
            ))}
          </ul>
        </details>
      </section>
      <Export />
    </>
  );
}

function FileChoice() {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (files: Iterable<File>) => {
    // One after the other: an account has few that are open at a time.
    for (const file of files) {
      if (file.size === 0) {
        notify(t("settings.imports.empty", { name: file.name }), { kind: "failed" });
        continue;
      }
      await attempt(async () => {
        const { finished } = await upload(file);
        await finished.catch((error: unknown) => {
          // Cancelled by its owner: there is nothing to say.
          if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
        });
      });
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the button, which does the same
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <UploadIcon aria-hidden />
      <p>{t("settings.imports.drop")}</p>
      <Button kind="main" onClick={() => input.current?.click()}>
        {t("settings.imports.choose")}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept={ACCEPTED}
        aria-label={t("settings.imports.choose")}
        onChange={({ target }) => {
          void take([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </div>
  );
}
