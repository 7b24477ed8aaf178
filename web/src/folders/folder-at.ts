import type { Folder } from "../../../contract/folders.ts";

/** The folder that an address names: by its role, or by its id. */
export const folderAt = (folders: readonly Folder[] | undefined, name: string): Folder | undefined =>
  folders?.find(({ id, role }) => role === name || id === name);
