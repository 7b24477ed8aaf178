/** Send, and send later. */
import { ChevronDown, Clock } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import form from "../design/form.module.css";
import { Menu, MenuItem } from "../design/menu.tsx";
import { longDate } from "../language/dates.ts";
import { fieldOf, momentOf } from "../language/local-time.ts";
import styles from "./composer.module.css";
import { presetsAt } from "./schedule.ts";
import { sendLetter } from "./send-letter.ts";
import type { Writing } from "./writing.ts";

export function SendButtons({ writing }: { writing: Writing }) {
  const { t, i18n } = useTranslation();
  const isSending = useStore(writing.store, (state) => state.sending !== "no");
  const [isChoosing, setChoosing] = useState(false);
  const sendAt = (date: Date) => void sendLetter(writing, { send_at: date.toISOString() });
  return (
    <span className={styles.sendButtons}>
      <Button kind="main" disabled={isSending} onClick={() => void sendLetter(writing)}>
        {t(isSending ? "composing.sending" : "composing.send")}
      </Button>
      <Menu
        align="start"
        trigger={
          <Button kind="main" disabled={isSending} aria-label={t("composing.later.label")}>
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        {presetsAt(new Date()).map(({ name, date }) => (
          <MenuItem key={name} icon={<Clock />} onChoose={() => sendAt(date)}>
            {t(`composing.later.${name}`)}
            <small className={styles.when}>{longDate(date, i18n.language)}</small>
          </MenuItem>
        ))}
        <MenuItem icon={<Clock />} onChoose={() => setChoosing(true)}>
          {t("composing.later.choose")}
        </MenuItem>
      </Menu>
      {isChoosing && <ChooseDate onClose={() => setChoosing(false)} onChoose={sendAt} />}
    </span>
  );
}

function ChooseDate({ onClose, onChoose }: { onClose(): void; onChoose(date: Date): void }) {
  const { t } = useTranslation();
  const choose = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const date = momentOf(String(new FormData(event.currentTarget).get("date")));
    if (date !== null) onChoose(date);
    onClose();
  };
  return (
    <Dialog title={t("composing.later.label")} onClose={onClose}>
      <form className={`${form.form} ${form.inDialog}`} onSubmit={choose}>
        <label>
          {t("composing.later.date")} <input type="datetime-local" name="date" min={fieldOf(new Date())} required />
        </label>
        <div className={form.buttons}>
          <Button kind="main" type="submit">
            {t("composing.later.send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
