import { Paperclip, Trash2 } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button, IconButton } from "../design/button.tsx";
import styles from "./composer.module.css";
import { discardLetter } from "./discard-letter.ts";
import { sendLetter } from "./send-letter.ts";
import type { Writing } from "./writing.ts";

export function ComposerFoot({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const sending = useStore(writing.store, (state) => state.sending);
  return (
    <footer className={styles.foot}>
      <Button kind="main" disabled={sending !== "no"} onClick={() => void sendLetter(writing)}>
        {sending === "no" ? t("composing.send") : t("composing.sending")}
      </Button>
      <AttachButton
        onFiles={(files) => {
          for (const file of files) writing.attach(file);
        }}
      />
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
