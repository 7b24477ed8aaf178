/** Where messages go: to another folder, with the own labels that they have. */
import type { Folder, FolderRole } from "../../../contract/folders.ts";
import type { FolderId } from "../../../contract/ids.ts";
import type { Actable, Update } from "./update.ts";

/** Who moves a message to one of these takes it out of the others. What was sent stays among what was sent. */
const PLACES: readonly (FolderRole | null)[] = ["inbox", "archive", "junk", "trash"];

/** Into a folder, out of the place where it was and of the folder that is looked at; other labels stay. */
export function moveInto(
  folders: readonly Folder[],
  target: FolderId | undefined,
  from?: Folder | undefined,
): (message: Actable) => Update {
  const left = new Set<FolderId>(folders.filter(({ role }) => PLACES.includes(role)).map(({ id }) => id));
  if (from) left.add(from.id);
  return ({ folder_ids }) => {
    const labels = folder_ids.filter((id) => !left.has(id) && id !== target);
    return { folder_ids: target === undefined ? labels : [...labels, target] };
  };
}

/** The same into a folder with a role. */
export const moveTo = (folders: readonly Folder[], role: FolderRole): ((message: Actable) => Update) =>
  moveInto(folders, folders.find((folder) => folder.role === role)?.id);
