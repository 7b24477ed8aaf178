/** What the owner writes again and again, for the composer to put into letters. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "../../../contract/templates.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { templatesQuery } from "./queries.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });

export default function Templates() {
  const { t } = useTranslation();
  const { data: templates } = useQuery(templatesQuery);
  const [open, setOpen] = useState<string | null>(null);
  if (templates === undefined) return null;
  const remove = ({ id }: Template) =>
    attempt(async () => {
      await call("DELETE", `/templates/${id}`);
      await refresh();
    }, t("app.deleted"));
  return (
    <div className={form.form}>
      <p className={form.intro}>{t("settings.templates.intro")}</p>
      {templates.length > 0 && (
        <ul className={form.rows}>
          {templates.map((template) => (
            <li key={template.id} className={form.row}>
              {open === template.id ? (
                <TemplateForm template={template} onDone={() => setOpen(null)} />
              ) : (
                <>
                  <div className={form.main}>
                    <strong>{template.name}</strong>
                    <p className={form.more}>{template.subject || template.body.slice(0, 80)}</p>
                  </div>
                  <Button onClick={() => setOpen(template.id)} aria-label={t("app.editOne", { name: template.name })}>
                    {t("app.edit")}
                  </Button>
                  <AskFirst
                    label={t("app.delete")}
                    question={t("settings.templates.deleteQuestion", { name: template.name })}
                    confirm={t("app.delete")}
                    onConfirm={() => void remove(template)}
                  />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {open === "new" ? (
        <TemplateForm template={null} onDone={() => setOpen(null)} />
      ) : (
        <div>
          <Button onClick={() => setOpen("new")}>{t("settings.templates.new")}</Button>
        </div>
      )}
    </div>
  );
}

function TemplateForm({ template, onDone }: { template: Template | null; onDone(): void }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [name, setName] = useState(template?.name ?? "");
  const [subject, setSubject] = useState(template?.subject ?? "");
  const [text, setText] = useState(template?.body ?? "");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    // HTML that was written elsewhere would say something else than the new text.
    const body = text === template?.body ? { name, subject } : { name, subject, body: text, body_html: null };
    const saved = await attempt(async () => {
      if (template === null) await call("POST", "/templates", { body });
      else await call("PATCH", `/templates/${template.id}`, { body });
      await refresh();
    }, t("app.saved"));
    if (saved) onDone();
  };
  return (
    <form method="post" className={`${form.form} ${form.box} ${form.main}`} onSubmit={(event) => void save(event)}>
      <Field label={t("settings.templates.name")}>
        {(control) => (
          <input {...control} required maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label={t("settings.templates.subject")}>
        {(control) => <input {...control} value={subject} onChange={({ target }) => setSubject(target.value)} />}
      </Field>
      <Field label={t("settings.templates.text")}>
        {(control) => <textarea {...control} rows={8} value={text} onChange={({ target }) => setText(target.value)} />}
      </Field>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.save")}
        </Button>
        <Button onClick={onDone}>{t("app.cancel")}</Button>
      </div>
    </form>
  );
}
