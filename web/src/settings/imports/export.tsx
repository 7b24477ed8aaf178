/** Links to files of mail: the browser fetches them, however large they are. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/field.tsx";
import form from "../../design/form.module.css";
import { foldersQuery } from "../../folders/queries.ts";
import { useFolderName } from "../../folders/use-folder-name.ts";
import styles from "./imports.module.css";

export function Export() {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const nameOf = useFolderName();
  const [folder, setFolder] = useState("");
  const address = (format: string) =>
    `/v1/export?${new URLSearchParams({ format, ...(folder === "" ? {} : { folder }) })}`;
  return (
    <section className={form.part} aria-labelledby="export">
      <h3 id="export">{t("settings.imports.export")}</h3>
      <p className={form.intro}>{t("settings.imports.exportIntro")}</p>
      <Field label={t("settings.imports.which")}>
        {(control) => (
          <select {...control} value={folder} onChange={({ target }) => setFolder(target.value)}>
            <option value="">{t("settings.imports.everything")}</option>
            {folders
              .filter(({ role }) => role !== "all" && role !== "flagged")
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {nameOf(one)}
                </option>
              ))}
          </select>
        )}
      </Field>
      <p className={form.buttons}>
        {(["mbox", "zip"] as const).map((format) => (
          <a key={format} href={address(format)} download className={styles.download}>
            <Download aria-hidden />
            {t(`settings.imports.formats.${format}`)}
          </a>
        ))}
      </p>
    </section>
  );
}
