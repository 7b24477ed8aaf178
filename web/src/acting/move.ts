/** Where messages go: to another folder, with the own labels that they have. */
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import type { FolderId } from "../../../contract/ids.ts";
import type { Actable, Update } from "./update.ts";

/** Folders that a message is in only by themselves: who moves it to one takes it out of the others of these. */
const PLACES: readonly (FolderRole | null)[] = ["inbox", "archive", "junk", "trash", "sent", "drafts"];

/** Into a folder with a role, out of the place where it was; labels stay. */
export function moveTo(folders: readonly Folder[], role: FolderRole): (message: Actable) => Update {
  const target = folders.find((folder) => folder.role === role);
  const places = new Set<FolderId>(folders.filter(({ role }) => PLACES.includes(role)).map(({ id }) => id));
  return ({ folder_ids }) => {
    const labels = folder_ids.filter((id) => !places.has(id));
    return { folder_ids: target === undefined ? labels : [...labels, target.id] };
  };
}
