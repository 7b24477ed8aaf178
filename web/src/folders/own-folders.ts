/** Making, renaming and deleting own folders. Each says itself what went wrong, and then returns nothing. */
import type { Folder } from "../../../contract/folders.ts";
import type { FolderId } from "../../../contract/ids.ts";
import { onAll } from "../acting/on-all.ts";
import { verbs } from "../acting/verbs.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";

export const makeFolder = (name: string, parent_id: FolderId | null): Promise<Folder | null> =>
  asked(() => call<Folder>("POST", "/folders", { body: { name, parent_id } }));

export const renameFolder = ({ id }: Folder, name: string): Promise<Folder | null> =>
  asked(() => call<Folder>("PATCH", `/folders/${id}`, { body: { name } }));

/** What is in it stays: without another label in the archive. */
export async function deleteFolder(folder: Folder): Promise<void> {
  const folders = queryClient.getQueryData<Folder[]>(keys.folders) ?? [];
  if (folder.total > 0) {
    const source = { kind: "folder", folder_id: folder.id, collapsed: false } as const;
    await onAll(source, folder, { ...verbs(folders, folder).label(folder.id, false), done: null }, { isSilent: true });
  }
  const deleted = await asked(async () => {
    await call("DELETE", `/folders/${folder.id}`);
    return folder;
  });
  if (deleted) notify(i18n.t("folders.deleted", { name: folder.name }));
}

async function asked(request: () => Promise<Folder>): Promise<Folder | null> {
  try {
    const folder = await request();
    await queryClient.invalidateQueries({ queryKey: keys.folders });
    return folder;
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
    return null;
  }
}
