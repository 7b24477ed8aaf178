import { Paperclip, Trash2 } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { IconButton } from "../design/button.tsx";
import styles from "./composer.module.css";
import { discardLetter } from "./discard-letter.ts";
import { LetterMenu } from "./letter-menu.tsx";
import { SendButtons } from "./send-buttons.tsx";
import type { Writing } from "./writing.ts";

export function ComposerFoot({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const sending = useStore(writing.store, (state) => state.sending);
  return (
    <footer className={styles.foot}>
      <SendButtons writing={writing} />
      <AttachButton
        onFiles={(files) => {
          for (const file of files) writing.attach(file);
        }}
      />
      <LetterMenu writing={writing} />
      <span className={styles.space} />
      <IconButton
        label={t("composing.discard")}
        disabled={sending !== "no"}
        onClick={() => void discardLetter(writing)}
      >
        <Trash2 />
      </IconButton>
    </footer>
  );
}

function AttachButton({ onFiles }: { onFiles(files: File[]): void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label={t("composing.attach")} onClick={() => input.current?.click()}>
        <Paperclip />
      </IconButton>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file can be chosen again.
          target.value = "";
        }}
      />
    </>
  );
}
