/** One script, and beside it what is wrong with it. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScriptIssue, SieveCheck } from "../../../contract/sieve.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import styles from "./sieve.module.css";

/** Milliseconds without a key until it is checked. */
const PAUSE = 400;

interface SieveEditorProps {
  /** Null for a new one. */
  name: string | null;
  script: string;
  capabilities: string[];
  onDone(): void;
}

export function SieveEditor({ name, script, capabilities, onDone }: SieveEditorProps) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [title, setTitle] = useState(name ?? "");
  const [text, setText] = useState(script);
  const editor = useRef<HTMLTextAreaElement>(null);
  const check = useCheck(text);
  const goTo = ({ line, column }: ScriptIssue) => {
    const at =
      text
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length +
      (line > 1 ? 1 : 0) +
      column -
      1;
    editor.current?.focus();
    editor.current?.setSelectionRange(at, at);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const saved = await attempt(
      () => call("PUT", `/sieve/${encodeURIComponent(title.trim())}`, { body: { script: text } }),
      t("app.saved"),
    );
    if (saved) onDone();
  };
  return (
    <form method="post" className={form.form} onSubmit={(event) => void save(event)}>
      <Field label={t("settings.sieve.name")}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={128}
            readOnly={name !== null}
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
        )}
      </Field>
      <Field
        label={t("settings.sieve.script")}
        hint={t("settings.sieve.mayRequire", { names: capabilities.join(", ") })}
      >
        {(control) => (
          <textarea
            {...control}
            ref={editor}
            rows={18}
            dir="ltr"
            spellCheck={false}
            className={`${form.code} ${styles.script}`}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      <div role="status" className={styles.issues}>
        {check?.is_valid && <p className={styles.valid}>{t("settings.sieve.valid")}</p>}
        {check && !check.is_valid && (
          <ul>
            {check.issues.map((issue) => (
              <li key={`${issue.line}:${issue.column} ${issue.message}`}>
                <button type="button" className={styles.issue} onClick={() => goTo(issue)}>
                  {t("settings.sieve.issue", { ...issue })}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy || check?.is_valid === false}>
          {t("app.save")}
        </Button>
        <Button onClick={onDone}>{t("app.cancel")}</Button>
      </div>
    </form>
  );
}

/** What the service says of the script once nobody has typed for a moment; undefined for an empty one. */
function useCheck(script: string): SieveCheck | undefined {
  const [settled, setSettled] = useState(script);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(script), PAUSE);
    return () => clearTimeout(timer);
  }, [script]);
  const { data } = useQuery({
    queryKey: ["sieve-check", settled],
    queryFn: ({ signal }) => call<SieveCheck>("POST", "/sieve/check", { body: { script: settled }, signal }),
    enabled: settled.trim() !== "",
    gcTime: 0,
  });
  return script === settled ? data : undefined;
}
