import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { ReplyButton } from "../composing/answer-actions.tsx";
import { IconButton } from "../design/button.tsx";
import { MessageMenu, type View } from "./message-menu.tsx";
import { print } from "./print.ts";
import styles from "./reading.module.css";
import { useRemovals } from "./removals.ts";

interface MessageActionsProps {
  message: Message;
  /** Of one that is in a conversation with others, what takes it away is in its menu: buttons are about all of them. */
  isOnly: boolean;
  view: View;
  onView(view: View): void;
  /** Where the message is on the page. */
  place: RefObject<HTMLElement | null>;
}

export function MessageActions({ message, isOnly, view, onView, place }: MessageActionsProps) {
  const { t } = useTranslation();
  const removals = useRemovals(message, isOnly);
  return (
    <div role="toolbar" aria-label={t("actions.label")} className={styles.actions}>
      <ReplyButton message={message} />
      {isOnly &&
        removals.map(({ label, icon: Icon, run }) => (
          <IconButton key={label} label={label} onClick={run}>
            <Icon />
          </IconButton>
        ))}
      <MessageMenu
        message={message}
        removals={isOnly ? [] : removals}
        view={view}
        onView={onView}
        onPrint={() => place.current && void print(place.current)}
      />
    </div>
  );
}
