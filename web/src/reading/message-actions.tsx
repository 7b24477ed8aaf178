import { useQuery } from "@tanstack/react-query";
import { Archive, Inbox, Trash2 } from "lucide-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRole } from "../../../contract/folders.ts";
import type { Message } from "../../../contract/messages.ts";
import { act, type Update } from "../acting/act.ts";
import { moveTo } from "../acting/move.ts";
import { goTo, usePlace } from "../app/address-bar.ts";
import { ReplyButton } from "../composing/answer-actions.tsx";
import { IconButton } from "../design/button.tsx";
import { foldersQuery } from "../folders/queries.ts";
import { MessageMenu, type View } from "./message-menu.tsx";
import { print } from "./print.ts";
import styles from "./reading.module.css";

interface MessageActionsProps {
  message: Message;
  view: View;
  onView(view: View): void;
  /** Where the message is on the page. */
  place: RefObject<HTMLElement | null>;
}

export function MessageActions({ message, view, onView, place: section }: MessageActionsProps) {
  const { t } = useTranslation();
  const place = usePlace();
  const { data: folders = [] } = useQuery(foldersQuery);
  const isIn = (role: FolderRole) =>
    folders.some((folder) => folder.role === role && message.folder_ids.includes(folder.id));
  const leave = (update: Update, done: string) => {
    void act([message], update, { done });
    if ("opened" in place) goTo({ ...place, opened: null });
  };
  return (
    <div role="toolbar" aria-label={t("actions.label")} className={styles.actions}>
      <ReplyButton message={message} />
      {isIn("inbox") ? (
        <IconButton
          label={t("actions.archive")}
          onClick={() => leave(moveTo(folders, "archive")(message), t("actions.done.archived"))}
        >
          <Archive />
        </IconButton>
      ) : (
        <IconButton
          label={t("actions.toInbox")}
          onClick={() => leave(moveTo(folders, "inbox")(message), t("actions.done.movedToInbox"))}
        >
          <Inbox />
        </IconButton>
      )}
      <IconButton
        label={isIn("trash") ? t("actions.deleteForGood") : t("actions.delete")}
        onClick={() => leave({ delete: true }, t("actions.done.deleted"))}
      >
        <Trash2 />
      </IconButton>
      <MessageMenu
        message={message}
        view={view}
        onView={onView}
        onPrint={() => section.current && void print(section.current)}
      />
    </div>
  );
}
