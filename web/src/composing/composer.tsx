/** Where a letter is written. What is written is in the `Writing`; closing the window, or the browser, loses none of it. */
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button } from "../design/button.tsx";
import { AttachedFiles } from "./attached-files.tsx";
import { closeComposer } from "./begin.ts";
import styles from "./composer.module.css";
import { ComposerFoot } from "./composer-foot.tsx";
import { ComposerHead } from "./composer-head.tsx";
import type { OpenComposer } from "./composers.ts";
import { FromField } from "./from-field.tsx";
import { LetterText } from "./letter-text.tsx";
import { RecipientFields } from "./recipient-fields.tsx";
import { sendLetter } from "./send-letter.ts";
import { useFirstFocus } from "./use-first-focus.ts";
import { useTakeFiles } from "./use-take-files.ts";
import type { Writing } from "./writing.ts";

export function Composer({ writing, composer }: { writing: Writing; composer: OpenComposer }) {
  const { t } = useTranslation();
  const { letter, sending, complaint } = useStore(writing.store);
  const id = useId();
  const frame = useRef<HTMLElement>(null);
  useFirstFocus(frame, composer);
  const files = useTakeFiles(writing);
  const isInline = composer.place === "inline";
  return (
    <section
      ref={frame}
      role={isInline ? "region" : "dialog"}
      aria-labelledby={`${id}-name`}
      className={styles.composer}
      data-place={composer.place}
      data-over={files.isOver}
      onKeyDown={(event) => {
        // Menus and dialogs of it are elsewhere on the page.
        if (event.target instanceof Node && !event.currentTarget.contains(event.target)) return;
        if (event.key === "Escape" && !isInline) closeComposer(composer.key);
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void sendLetter(writing);
        else return;
        event.preventDefault();
      }}
      {...files.handlers}
    >
      <ComposerHead writing={writing} composer={composer} nameId={`${id}-name`} />
      <fieldset className={styles.body} disabled={sending !== "no"}>
        <FromField writing={writing} />
        <RecipientFields writing={writing} />
        <label className={styles.field}>
          <span className={styles.label}>{t("composing.subject")}</span>
          <input
            dir="auto"
            value={letter.subject}
            onChange={({ target }) => writing.edit({ subject: target.value })}
            className={styles.input}
          />
        </label>
        <LetterText writing={writing} />
        <AttachedFiles writing={writing} />
      </fieldset>
      <div role="alert" className={styles.complaint}>
        {sending === "waiting" ? t("composing.waiting") : complaint?.text}
        {sending === "no" && complaint?.again && (
          <Button onClick={() => void sendLetter(writing, complaint.again)}>{t("composing.sendAnyway")}</Button>
        )}
      </div>
      <ComposerFoot writing={writing} />
    </section>
  );
}
