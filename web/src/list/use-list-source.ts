import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Folder } from "../../../contract/folders.ts";
import { useListPlace } from "../app/address-bar.ts";
import { folderAt } from "../folders/folder-at.ts";
import { foldersQuery } from "../folders/queries.ts";
import type { ListSource } from "./list-source.ts";
import { useListView } from "./list-view.ts";

interface Listed {
  source: ListSource | null;
  folder: Folder | undefined;
  /** There is no folder of that name. */
  isMissing: boolean;
}

/** What the address asks to be listed; null until the folders are known, or where there is no such folder. */
export function useListSource(): Listed {
  const place = useListPlace();
  const { data: folders } = useQuery(foldersQuery);
  const isCollapsed = useListView((state) => state.isCollapsed);
  const q = place?.screen === "search" ? place.q : null;
  const folder = q === null ? folderAt(folders, place?.screen === "folder" ? place.folder : "inbox") : undefined;
  const folder_id = folder?.id;
  const role = folder?.role;
  const source = useMemo<ListSource | null>(() => {
    if (q !== null) return { kind: "search", q };
    if (folder_id === undefined) return null;
    // A draft and what was sent are messages of their own, whatever conversation they belong to.
    const collapsed = isCollapsed && role !== "drafts" && role !== "sent";
    return { kind: "folder", folder_id, collapsed };
  }, [q, folder_id, role, isCollapsed]);
  return { source, folder, isMissing: source === null && folders !== undefined };
}
