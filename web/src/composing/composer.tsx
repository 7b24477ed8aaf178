/** A window to write in. What is written is in the `Writing`; closing the window, or the browser, loses none of it. */
import { X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button, IconButton } from "../design/button.tsx";
import styles from "./composer.module.css";
import { type Start, useComposers } from "./composers.ts";
import { PlainText } from "./plain-text.tsx";
import { RecipientFields } from "./recipient-fields.tsx";
import { sendLetter } from "./send-letter.ts";
import type { Writing } from "./writing.ts";

export function Composer({ writing, start }: { writing: Writing; start: Start }) {
  const { t } = useTranslation();
  const { letter, saving, isSending, complaint } = useStore(writing.store);
  const remove = useComposers((state) => state.close);
  const id = useId();
  const frame = useFocusFirst(start);
  const close = () => {
    writing.close();
    remove(writing.key);
  };
  const send = async () => {
    if (await sendLetter(writing)) remove(writing.key);
  };
  return (
    <section
      ref={frame}
      role="dialog"
      aria-labelledby={`${id}-name`}
      className={styles.composer}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        else return;
        event.preventDefault();
      }}
    >
      <header className={styles.head}>
        <h2 id={`${id}-name`} className={styles.name}>
          {letter.subject || t("composing.newMessage")}
        </h2>
        <span role="status" className={styles.saving}>
          {saving !== "untouched" && t(`composing.saving.${saving}`)}
        </span>
        <IconButton label={t("app.close")} onClick={close}>
          <X />
        </IconButton>
      </header>
      <RecipientFields writing={writing} />
      <label className={styles.field}>
        <span className={styles.label}>{t("composing.subject")}</span>
        <input
          value={letter.subject}
          onChange={({ target }) => writing.edit({ subject: target.value })}
          className={styles.input}
        />
      </label>
      <PlainText writing={writing} />
      <p role="alert" className={styles.complaint}>
        {complaint}
      </p>
      <footer className={styles.foot}>
        <Button kind="main" disabled={isSending} onClick={() => void send()}>
          {isSending ? t("composing.sending") : t("composing.send")}
        </Button>
      </footer>
    </section>
  );
}

/** An answer has its recipients; and where the keyboard was before, it goes back to. */
function useFocusFirst(start: Start) {
  const frame = useRef<HTMLElement>(null);
  const wantsText = start.kind === "answer" && start.how !== "forward";
  useEffect(() => {
    const before = document.activeElement;
    const inside = frame.current;
    const field = inside?.querySelector<HTMLElement>(wantsText ? "textarea, [contenteditable]" : "input");
    field?.focus();
    if (field instanceof HTMLTextAreaElement) {
      field.setSelectionRange(0, 0);
      field.scrollTop = 0;
    }
    return () => {
      if (inside?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, [wantsText]);
  return frame;
}
