import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { foldersQuery } from "./queries.ts";

/** Folders with a role are called what the reader's language calls them, the others what their owner does. */
export function useFolderName(): (folder: Folder) => string {
  const { t } = useTranslation();
  return useCallback(({ role, name }) => (role === null ? name : t(`folders.${role}`)), [t]);
}

/** With the folders that it is in: "Clubs / Rowing". */
export function useFolderPath(): (folder: Folder) => string {
  const nameOf = useFolderName();
  const { data: folders } = useQuery(foldersQuery);
  return useCallback(
    (folder) => {
      const names: string[] = [];
      for (let at: Folder | undefined = folder; at !== undefined; ) {
        const { parent_id }: Folder = at;
        names.unshift(nameOf(at));
        at = parent_id === null ? undefined : folders?.find(({ id }) => id === parent_id);
      }
      return names.join(" / ");
    },
    [nameOf, folders],
  );
}
