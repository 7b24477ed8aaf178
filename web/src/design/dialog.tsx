/** A dialog in front of the page: it takes the keyboard, gives it back where it was, and closes with Escape. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";

export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const { t } = useTranslation();
  const popup = useRef<HTMLDivElement>(null);
  // What a dialog is for has the keyboard first, where it says what that is.
  const first = () => popup.current?.querySelector<HTMLElement>("[data-first]") ?? true;
  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup ref={popup} initialFocus={first} className={styles.dialog}>
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={t("app.close")}>
                  <X />
                </IconButton>
              }
            />
          </header>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
