/** What is done to one message where it is read: the rest of what can be done to it in a list. */
import { useQuery } from "@tanstack/react-query";
import { Clock, FolderInput, Mail, MailWarning, Star, StarOff, Tag, ThumbsUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { openSheet } from "../acting/sheets.ts";
import { onTargets, type Targets } from "../acting/targets.ts";
import { MenuItem } from "../design/menu.tsx";
import { folderAt } from "../folders/folder-at.ts";
import { foldersQuery } from "../folders/queries.ts";

export function MessageVerbs({ message, isReceived }: { message: Message; isReceived: boolean }) {
  const { t } = useTranslation();
  const { data: folders } = useQuery(foldersQuery);
  const junk = folderAt(folders, "junk")?.id;
  const isJunk = message.folder_ids.some((id) => id === junk);
  const targets: Targets = { kind: "rows", rows: [message] };
  return (
    <>
      <MenuItem icon={<Mail />} onChoose={() => void onTargets("unread", { ...targets, kind: "opened" })}>
        {t("actions.commands.unread")}
      </MenuItem>
      {message.is_flagged ? (
        <MenuItem icon={<StarOff />} onChoose={() => void onTargets("unstar", targets)}>
          {t("actions.commands.unstar")}
        </MenuItem>
      ) : (
        <MenuItem icon={<Star />} onChoose={() => void onTargets("star", targets)}>
          {t("actions.commands.star")}
        </MenuItem>
      )}
      <MenuItem icon={<FolderInput />} onChoose={() => openSheet("move", targets)}>
        {t("actions.commands.move")}
      </MenuItem>
      <MenuItem icon={<Tag />} onChoose={() => openSheet("label", targets)}>
        {t("actions.commands.label")}
      </MenuItem>
      <MenuItem icon={<Clock />} onChoose={() => openSheet("snooze", targets)}>
        {t("actions.commands.snooze")}
      </MenuItem>
      {isReceived && (
        <MenuItem
          icon={isJunk ? <ThumbsUp /> : <MailWarning />}
          onChoose={() => void onTargets(isJunk ? "notJunk" : "junk", targets)}
        >
          {t(isJunk ? "actions.commands.notJunk" : "actions.commands.junk")}
        </MenuItem>
      )}
    </>
  );
}
