/** What takes one message away from where it is. */
import { useQuery } from "@tanstack/react-query";
import { Archive, Inbox, type LucideIcon, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FolderRole } from "../../../contract/folders.ts";
import type { Message } from "../../../contract/messages.ts";
import { act, type Update } from "../acting/act.ts";
import { moveTo } from "../acting/move.ts";
import { goTo, placeNow } from "../app/address-bar.ts";
import { foldersQuery } from "../folders/queries.ts";

export interface Removal {
  label: string;
  icon: LucideIcon;
  run(): void;
}

/** `isOnly`: nothing else is shown with it, so what is opened is closed. */
export function useRemovals(message: Message, isOnly: boolean): Removal[] {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const isIn = (role: FolderRole) =>
    folders.some((folder) => folder.role === role && message.folder_ids.includes(folder.id));
  const take = (update: Update, done: string) => {
    void act([message], update, { done });
    const place = placeNow();
    if (isOnly && "opened" in place) goTo({ ...place, opened: null });
  };
  const away: Removal = isIn("inbox")
    ? {
        ...{ label: t("actions.archive"), icon: Archive },
        run: () => take(moveTo(folders, "archive")(message), t("actions.done.archived")),
      }
    : {
        ...{ label: t("actions.toInbox"), icon: Inbox },
        run: () => take(moveTo(folders, "inbox")(message), t("actions.done.movedToInbox")),
      };
  return [
    away,
    {
      ...{ label: isIn("trash") ? t("actions.deleteForGood") : t("actions.delete"), icon: Trash2 },
      run: () => take({ delete: true }, t("actions.done.deleted")),
    },
  ];
}
