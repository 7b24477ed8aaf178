/** A button for what cannot be taken back: it asks before. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import styles from "./form.module.css";

interface AskFirstProps {
  /** The button, and the title of the question. */
  label: string;
  /** What it means, in a sentence. */
  question: string;
  /** The button in the question. */
  confirm: string;
  icon?: ReactNode;
  onConfirm(): void;
}

export function AskFirst({ label, question, confirm, icon, onConfirm }: AskFirstProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  return (
    <>
      {icon === undefined ? (
        <Button kind="danger" onClick={open}>
          {label}
        </Button>
      ) : (
        <IconButton label={label} onClick={open}>
          {icon}
        </IconButton>
      )}
      {isOpen && (
        <Dialog title={label} onClose={() => setOpen(false)}>
          <div className={`${styles.form} ${styles.inDialog}`}>
            <p>{question}</p>
            <div className={styles.buttons}>
              <Button
                kind="danger"
                onClick={() => {
                  setOpen(false);
                  onConfirm();
                }}
              >
                {confirm}
              </Button>
              <Button onClick={() => setOpen(false)}>{t("app.cancel")}</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
