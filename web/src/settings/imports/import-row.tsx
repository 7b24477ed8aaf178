/** One import: how far it is, what it brought, and what it could not read. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { ImportSummary } from "../../../../contract/imports.ts";
import { attempt } from "../../api/attempt.ts";
import { addressOf } from "../../app/place.ts";
import { Button } from "../../design/button.tsx";
import form from "../../design/form.module.css";
import { notify } from "../../design/notices.tsx";
import { sizeInWords } from "../../language/sizes.ts";
import { importQuery } from "../queries.ts";
import styles from "./imports.module.css";
import { cancelImport, goOn, useUploads } from "./upload.ts";

export function ImportRow({ summary }: { summary: ImportSummary }) {
  const { t, i18n } = useTranslation();
  const { id, name, size, state, unreadable } = summary;
  const uploading = useUploads(({ uploads }) => uploads[id]);
  const isOpen = state === "uploading" || state === "running";
  return (
    <li className={form.row}>
      <div className={form.main}>
        <strong>{name || t("settings.imports.noName")}</strong>
        <span className={`${form.badge} ${state === "done" ? form.good : state === "failed" ? form.bad : ""}`}>
          {state === "uploading" && uploading === undefined
            ? t("settings.imports.states.paused")
            : t(`settings.imports.states.${state}`)}
        </span>
        <p className={form.more}>
          {sizeInWords(size, i18n.language)}
          {(state === "done" || summary.imported > 0) &&
            ` · ${t("settings.imports.imported", { count: summary.imported })}`}
          {summary.already_here > 0 && ` · ${t("settings.imports.alreadyHere", { count: summary.already_here })}`}
          {unreadable > 0 && ` · ${t("settings.imports.unreadable", { count: unreadable })}`}
        </p>
        {state === "done" && summary.imported > 0 && (
          <Link href={addressOf({ screen: "folder", folder: "all", opened: null })}>{t("settings.imports.show")}</Link>
        )}
        {state === "failed" && summary.imported + summary.already_here === 0 && <p>{t("settings.imports.noMail")}</p>}
        {isOpen && <Progress summary={summary} share={uploading?.share} />}
        {unreadable > 0 && <Report id={id} />}
      </div>
      {state === "uploading" && uploading === undefined && <GoOn summary={summary} />}
      {isOpen && (
        <Button onClick={() => void attempt(() => cancelImport(id), t("settings.imports.cancelled"))}>
          {t("app.cancel")}
        </Button>
      )}
    </li>
  );
}

/** Two halves: the file comes here, then it is read. */
function Progress({ summary, share }: { summary: ImportSummary; share: number | undefined }) {
  const { t } = useTranslation();
  const { state, uploaded, bytes_read, size } = summary;
  const done = state === "running" ? bytes_read / size : (share ?? uploaded / size);
  const label = state === "running" ? t("settings.imports.reading") : t("settings.imports.uploading");
  return (
    <div className={styles.progress}>
      <progress className={form.progress} max={1} value={done} aria-label={label} />
      <p className={form.more}>
        {label} {Math.floor(done * 100)} %
      </p>
    </div>
  );
}

/** After a reload or on another device the file must be shown again: a page cannot keep it. */
function GoOn({ summary }: { summary: ImportSummary }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size !== summary.size) notify(t("settings.imports.otherFile"), { kind: "failed" });
    else void attempt(() => goOn(summary, file));
  };
  return (
    <>
      <Button onClick={() => input.current?.click()}>{t("settings.imports.goOn")}</Button>
      <input
        ref={input}
        hidden
        type="file"
        aria-label={t("settings.imports.goOn")}
        onChange={({ target }) => take(target.files?.[0])}
      />
    </>
  );
}

function Report({ id }: { id: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ ...importQuery(id), enabled: isOpen });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={form.more}>{t("settings.imports.report")}</summary>
      <ul className={styles.report}>
        {data?.report.map(({ where, reason, detail }) => (
          <li key={`${where} ${reason}`}>
            <code className={form.code}>{where}</code> {detail || reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
