/** The advanced search: a form that writes the query, so that one can read how it would have been typed. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { foldersQuery } from "../folders/queries.ts";
import { useFolderName } from "../folders/use-folder-name.ts";
import styles from "./advanced-form.module.css";
import { type AdvancedSearch, queryOf, searchOf } from "./advanced-query.ts";

type TextField = "words" | "without" | "from" | "to" | "subject";
const TEXT_FIELDS: TextField[] = ["words", "without", "from", "to", "subject"];

interface AdvancedFormProps {
  /** The query that it begins with. */
  asked: string;
  onClose(): void;
  onSearch(query: string): void;
}

export default function AdvancedForm({ asked, onClose, onSearch }: AdvancedFormProps) {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const nameOf = useFolderName();
  const [search, setSearch] = useState(() => searchOf(asked, folders.map(optionOf)));
  const set = (change: Partial<AdvancedSearch>) => setSearch((before) => ({ ...before, ...change }));
  const query = queryOf(search);
  return (
    <Dialog title={t("search.advanced")} onClose={onClose}>
      <form
        method="post"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onSearch(query);
        }}
      >
        {TEXT_FIELDS.map((field) => (
          <Labelled key={field} label={t(`search.fields.${field}`)}>
            <input value={search[field]} onChange={({ target }) => set({ [field]: target.value })} />
          </Labelled>
        ))}
        <Labelled label={t("search.fields.folder")}>
          <select value={search.folder} onChange={({ target }) => set({ folder: target.value })}>
            <option value="">{t("search.fields.mail")}</option>
            <option value="anywhere">{t("search.fields.anywhere")}</option>
            {folders.map((folder) => (
              <option key={folder.id} value={optionOf(folder)}>
                {nameOf(folder)}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label={t("search.fields.after")}>
          <input type="date" value={search.after} onChange={({ target }) => set({ after: target.value })} />
        </Labelled>
        <Labelled label={t("search.fields.before")}>
          <input type="date" value={search.before} onChange={({ target }) => set({ before: target.value })} />
        </Labelled>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={search.has_attachment}
            onChange={({ target }) => set({ has_attachment: target.checked })}
          />
          {t("search.chips.attachment")}
        </label>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={search.is_unread}
            onChange={({ target }) => set({ is_unread: target.checked })}
          />
          {t("search.chips.unread")}
        </label>
        <output className={styles.query}>{query}</output>
        <Button kind="main" type="submit" disabled={query === ""}>
          {t("search.label")}
        </Button>
      </form>
    </Dialog>
  );
}

const optionOf = ({ role, name }: Folder): string => role ?? name;

const Labelled = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
  <label className={styles.field}>
    <span>{label}</span>
    {children}
  </label>
);
