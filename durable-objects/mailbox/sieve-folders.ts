/** Folders as Sieve scripts name them: `INBOX`, a role, or names with slashes between them. */
import { isFailure } from "../../contract/failure.ts";
import { FolderName } from "../../contract/folders.ts";
import { once } from "../../mail/sieve/message-view.ts";
import { DEFAULT_FOLDERS, isView } from "./folder-roles.ts";
import { createFolder, folderRows } from "./folders.ts";
import type { FolderRow, Mailbox } from "./mailbox-database.ts";
import { folderIdOf, requireNumber } from "./object-ids.ts";

const TOP = 0;

/** What stands in front of a path in some dialects, and means nothing here. */
const PREFIX = /^INBOX[./](?=.)/i;

/** The folder's number; null where there is none, and where nothing can be put into it. */
export const folderNamed = (box: Mailbox, path: string): number | null => usable(lookUp(folderRows(box.db), path));

/** Whether there are folders, as they are now: a script may ask for thousands. */
export function folderFinder(box: Mailbox): (path: string) => boolean {
  const rows = once(() => folderRows(box.db));
  return (path) => usable(lookUp(rows(), path)) !== null;
}

const usable = (found: number | null): number | null => (found === null || isView(found) ? null : found);

function lookUp(rows: readonly FolderRow[], path: string): number | null {
  const role = DEFAULT_FOLDERS.find(({ role: name }) => name === path.toLowerCase());
  return descend(rows, path) ?? role?.id ?? (PREFIX.test(path) ? descend(rows, path.replace(PREFIX, "")) : null);
}

/** Names in their own case first: `Work` and `work` may both be there. */
function descend(rows: readonly FolderRow[], path: string): number | null {
  let parent = TOP;
  for (const name of path.split("/")) {
    const children = rows.filter((row) => row.parent_id === parent);
    const child =
      children.find((row) => row.name === name) ??
      children.find((row) => row.name.toLowerCase() === name.toLowerCase());
    if (child === undefined) return null;
    parent = child.id;
  }
  return parent === TOP ? null : parent;
}

/** RFC 5490 §3.2. Part of the delivery's transaction. Null where a folder cannot be made. */
export function makeFolderNamed(box: Mailbox, path: string, now: number): number | null {
  const found = folderNamed(box, path);
  if (found !== null) return found;
  let parent = TOP;
  const done: string[] = [];
  for (const name of path.split("/")) {
    done.push(name);
    const next = folderNamed(box, done.join("/")) ?? makeChild(box, parent, name, now);
    if (next === null) return null;
    parent = next;
  }
  return parent === TOP ? null : parent;
}

function makeChild(box: Mailbox, parent: number, name: string, now: number): number | null {
  const valid = FolderName.safeParse(name);
  if (!valid.success) return null;
  try {
    const parent_id = parent === TOP ? null : folderIdOf(box, parent);
    return requireNumber(box, "folder", createFolder(box, { name: valid.data, parent_id }, now).id);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return null;
  }
}

/** Every name that `mailboxexists` holds for, in one spelling. */
export function folderPaths(box: Mailbox): string[] {
  const rows = folderRows(box.db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pathOf = (row: FolderRow): string => {
    const parent = byId.get(row.parent_id);
    return parent === undefined ? row.name : `${pathOf(parent)}/${row.name}`;
  };
  return rows.filter(({ id }) => !isView(id)).map(pathOf);
}
