import { Paperclip, RemoveFormatting, Trash2, Type } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button, IconButton } from "../design/button.tsx";
import { notify } from "../design/notices.tsx";
import styles from "./composer.module.css";
import { discardLetter } from "./discard-letter.ts";
import { asPlain, asRich, useFormat } from "./format.ts";
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
      <FormatButton writing={writing} />
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

/** Rich text is made plain, with what it loses coming back while the notice is there. */
function FormatButton({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const isRich = useStore(writing.store, ({ letter }) => letter.html !== null);
  const prefer = useFormat((state) => state.set);
  const change = () => {
    const { letter } = writing.store.getState();
    writing.edit(isRich ? asPlain(letter) : asRich(letter));
    prefer(!isRich);
    if (!isRich) return;
    const undo = () => {
      prefer(true);
      writing.edit(letter);
    };
    notify(t("composing.format.isPlain"), { action: { label: t("app.undo"), run: undo } });
  };
  return (
    <IconButton label={isRich ? t("composing.format.plain") : t("composing.format.rich")} onClick={change}>
      {isRich ? <RemoveFormatting /> : <Type />}
    </IconButton>
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
