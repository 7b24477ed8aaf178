/** A folder, found by its name: to move to, to label with, to go to. One that is not there yet is made. */
import { useQuery } from "@tanstack/react-query";
import { Check, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { goTo } from "../app/address-bar.ts";
import { Dialog } from "../design/dialog.tsx";
import { type Pick, PickList } from "../design/pick-list.tsx";
import { folderIcon } from "../folders/folder-icon.tsx";
import { makeFolder } from "../folders/own-folders.ts";
import { foldersQuery } from "../folders/queries.ts";
import { useFolderPath } from "../folders/use-folder-name.ts";
import { useShownList } from "../list/shown-list.ts";
import { closeSheet, typeInSheet, useSheets } from "./sheets.ts";
import { carryOutOn, onTargets, type Targets, targetsNow, verbsNow } from "./targets.ts";

type Purpose = "move" | "label" | "go";

const offers: Record<Purpose, (folder: Folder) => boolean> = {
  move: ({ role }) => role === null || role === "inbox" || role === "archive" || role === "junk" || role === "trash",
  label: ({ role }) => role === null,
  go: () => true,
};

export function FolderPicker({ purpose }: { purpose: Purpose }) {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const pathOf = useFolderPath();
  const typed = useSheets((sheets) => sheets.typed);
  const [targets] = useState(() => useSheets.getState().targets ?? targetsNow());
  const here = useShownList((state) => state.folder);
  const choose = (folder: Folder) => {
    closeSheet();
    void take(purpose, folder, targets);
  };
  const picks = folders
    .filter((folder) => offers[purpose](folder) && !(purpose === "move" && folder.id === here?.id))
    .map((folder): Pick => {
      const Icon = purpose === "label" && isOnAll(targets, folder) ? Check : folderIcon(folder);
      const hint = purpose === "label" && isOnAll(targets, folder) ? t("actions.labels.on") : undefined;
      return { key: folder.id, label: pathOf(folder), icon: <Icon />, hint, choose: () => choose(folder) };
    });
  const make = (name: string): Pick => ({
    key: "new",
    label: t("folders.makeNamed", { name }),
    icon: <Plus />,
    choose: async () => {
      const made = await makeFolder(name, null);
      if (made) choose(made);
    },
  });
  return (
    <Dialog title={t(`actions.folder.${purpose}`)} onClose={closeSheet}>
      <PickList
        label={t("actions.folder.find")}
        picks={picks}
        nothing={t("actions.folder.nothing")}
        {...(purpose === "go" ? {} : { make })}
        typed={typed}
        onType={typeInSheet}
      />
    </Dialog>
  );
}

async function take(purpose: Purpose, folder: Folder, targets: Targets | null): Promise<void> {
  const { role, id } = folder;
  if (purpose === "go") return goTo({ screen: "folder", folder: role ?? id, opened: null });
  if (purpose === "label") return carryOutOn(targets, verbsNow().label(id, !isOnAll(targets, folder)));
  if (role === "inbox") return onTargets("toInbox", targets);
  if (role === "archive") return onTargets("archive", targets);
  if (role === "junk") return onTargets("junk", targets);
  if (role === "trash") return onTargets("delete", targets);
  return carryOutOn(targets, verbsNow().moveTo(id));
}

/** What all have is taken off; else all get it. */
const isOnAll = (targets: Targets | null, { id }: Folder): boolean =>
  targets !== null && targets.kind !== "all" && targets.rows.every(({ folder_ids }) => folder_ids.includes(id));
