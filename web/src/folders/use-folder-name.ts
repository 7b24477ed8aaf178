import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";

/** Folders with a role are called what the reader's language calls them, the others what their owner does. */
export function useFolderName(): (folder: Folder) => string {
  const { t } = useTranslation();
  return useCallback(({ role, name }) => (role === null ? name : t(`folders.${role}`)), [t]);
}
