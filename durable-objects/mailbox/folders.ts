/** Folders: the default ones and the owner's own. */
import { and, asc, count, eq, isNull, ne } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import type { CreateFolder, Folder, UpdateFolder } from "../../contract/folders.ts";
import { MAX_FOLDER_DEPTH, MAX_FOLDERS } from "../../contract/limits.ts";
import { folder } from "../../schema/mailbox/tables.ts";
import { recordChange } from "./change-log.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import type { FolderRow, Mailbox, MailboxDb } from "./mailbox-database.ts";
import { folderIdOf, nextFolderId, requireNumber } from "./object-ids.ts";

const TOP = 0;

export function folderView(box: Mailbox, row: FolderRow): Folder {
  return {
    id: folderIdOf(box, row.id),
    name: row.name,
    role: row.role,
    parent_id: row.parent_id === TOP ? null : folderIdOf(box, row.parent_id),
    user_id: box.user_id,
    total: row.total,
    unread: row.unread,
    size: row.size,
  };
}

/** Default folders first, in their order, then the owner's by age. */
export function listFolders(box: Mailbox): Folder[] {
  return folderRows(box.db).map((row) => folderView(box, row));
}

/**
 * All folders with their counts. The row of `all` holds what the sum of the others has too much: see
 * schema/mailbox/tables.ts.
 */
export function folderRows(db: MailboxDb): FolderRow[] {
  const rows = db.select().from(folder).orderBy(asc(folder.id)).all();
  const counted = rows.filter(({ id }) => id !== ROLE_ID.flagged);
  const sum = (key: "total" | "unread" | "size") => counted.reduce((total, row) => total + row[key], 0);
  return rows.map((row) =>
    row.id === ROLE_ID.all ? { ...row, total: sum("total"), unread: sum("unread"), size: sum("size") } : row,
  );
}

export function createFolder(box: Mailbox, { name, parent_id }: CreateFolder, now: number): Folder {
  return box.db.transaction(() => {
    const { n } = box.db.select({ n: count() }).from(folder).where(isNull(folder.role)).get() ?? { n: 0 };
    if (n >= MAX_FOLDERS) throw new Failure("conflict", `An account has at most ${MAX_FOLDERS} folders of its own.`);
    const parent = parent_id === null ? TOP : requireParent(box, parent_id).id;
    requireDepth(box.db, parent);
    requireFreeName(box.db, parent, name);
    const id = nextFolderId(box.db, now);
    const modseq = recordChange(box.db, "folder", id, "created");
    const row = box.db.insert(folder).values({ id, name, parent_id: parent, modseq }).returning().get();
    return folderView(box, row);
  });
}

export function updateFolder(box: Mailbox, folderId: string, update: UpdateFolder): Folder {
  return box.db.transaction(() => {
    const row = requireOwnFolder(box, folderId);
    const name = update.name ?? row.name;
    const parent = movedTo(box, row, update.parent_id);
    // Saying it again changes nothing.
    if (name === row.name && parent === row.parent_id) return folderView(box, row);
    requireFreeName(box.db, parent, name, row.id);
    const modseq = recordChange(box.db, "folder", row.id, "changed");
    box.db.update(folder).set({ name, parent_id: parent, modseq }).where(eq(folder.id, row.id)).run();
    return folderView(box, { ...row, name, parent_id: parent });
  });
}

/** Only an empty folder goes: nobody loses mail by tidying up. */
export function deleteFolder(box: Mailbox, folderId: string): void {
  box.db.transaction(() => {
    const row = requireOwnFolder(box, folderId);
    const child = box.db.select().from(folder).where(eq(folder.parent_id, row.id)).limit(1).get();
    if (row.total > 0 || child) {
      throw new Failure(
        "folder_not_empty",
        "The folder still has messages or folders in it: move or delete them first.",
      );
    }
    box.db.delete(folder).where(eq(folder.id, row.id)).run();
    recordChange(box.db, "folder", row.id, "destroyed");
  });
}

function requireFolder(box: Mailbox, folderId: string): FolderRow {
  const id = requireNumber(box, "folder", folderId);
  const row = box.db.select().from(folder).where(eq(folder.id, id)).get();
  if (row === undefined) throw notFound("folder");
  return row;
}

/** A folder that others may be put into. */
function requireParent(box: Mailbox, folderId: string): FolderRow {
  const row = requireFolder(box, folderId);
  if (isView(row.id)) {
    throw new Failure("invalid_folders", `${row.name} is a view: nothing can be put into it.`, [
      { at: "body.parent_id", message: "a view" },
    ]);
  }
  return row;
}

function requireOwnFolder(box: Mailbox, folderId: string): FolderRow {
  const row = requireFolder(box, folderId);
  if (row.role !== null) throw new Failure("forbidden", `${row.name} is a default folder: it stays as it is.`);
  return row;
}

function movedTo(box: Mailbox, row: FolderRow, parentId: string | null | undefined): number {
  if (parentId === undefined) return row.parent_id;
  if (parentId === null) return TOP;
  const parent = requireParent(box, parentId);
  if (ancestry(box.db, parent.id).includes(row.id)) {
    throw new Failure("invalid_folders", "A folder cannot be moved into itself.", [
      { at: "body.parent_id", message: "is inside" },
    ]);
  }
  requireDepth(box.db, parent.id, heightOf(box.db, row.id));
  return parent.id;
}

/** A folder and all that hold it, innermost first. */
function ancestry(db: MailboxDb, id: number): number[] {
  const path: number[] = [];
  for (let at = id; at !== TOP; ) {
    path.push(at);
    at = db.select({ parent_id: folder.parent_id }).from(folder).where(eq(folder.id, at)).get()?.parent_id ?? TOP;
  }
  return path;
}

function heightOf(db: MailboxDb, id: number): number {
  const children = db.select({ id: folder.id }).from(folder).where(eq(folder.parent_id, id)).all();
  return 1 + Math.max(0, ...children.map((child) => heightOf(db, child.id)));
}

function requireDepth(db: MailboxDb, parent: number, height = 1): void {
  if (ancestry(db, parent).length + height > MAX_FOLDER_DEPTH) {
    throw new Failure("invalid_folders", `Folders nest at most ${MAX_FOLDER_DEPTH} deep.`, [
      { at: "body.parent_id", message: "too deep" },
    ]);
  }
}

function requireFreeName(db: MailboxDb, parent: number, name: string, except = -1): void {
  const sibling = and(eq(folder.parent_id, parent), eq(folder.name, name), ne(folder.id, except));
  if (db.select().from(folder).where(sibling).get()) {
    throw new Failure("conflict", `There is a folder ${name} here already.`, [{ at: "body.name", message: "taken" }]);
  }
}
