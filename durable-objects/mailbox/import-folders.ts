/** Folders that an archive names, found in this mailbox or made. */
import { and, eq } from "drizzle-orm";
import { isFailure } from "../../contract/failure.ts";
import { FolderName } from "../../contract/folders.ts";
import type { ReportEntry } from "../../contract/imports.ts";
import type { ArchiveFolder } from "../../mail/archive/archive-folder.ts";
import { folder } from "../../schema/mailbox/tables.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import { createFolder } from "./folders.ts";
import type { Mailbox } from "./mailbox-database.ts";
import { folderIdOf, requireNumber } from "./object-ids.ts";

const TOP = 0;

/** Remembers what it found, for as long as one transaction lasts. */
export class ImportFolders {
  readonly #box: Mailbox;
  readonly #now: number;
  readonly #known = new Map<string, number>();
  /** Folders that could not be made: there are too many, or they nest too deep. Their messages are one level higher. */
  readonly problems: ReportEntry[] = [];

  constructor(box: Mailbox, now: number) {
    this.#box = box;
    this.#now = now;
  }

  /** The folder's id. What has no name that a folder may have is archived. */
  idOf({ role, path }: ArchiveFolder): number {
    let parent: number = role === null ? TOP : isView(ROLE_ID[role]) ? ROLE_ID.archive : ROLE_ID[role];
    for (const name of path) {
      const child = this.#childOf(parent, name);
      if (child === null) break;
      parent = child;
    }
    return parent === TOP ? ROLE_ID.archive : parent;
  }

  #childOf(parent: number, name: string): number | null {
    const key = `${parent}/${name}`;
    const known = this.#known.get(key) ?? this.#find(parent, name) ?? this.#make(parent, name);
    if (known !== null) this.#known.set(key, known);
    return known;
  }

  #find(parent: number, name: string): number | undefined {
    const sibling = and(eq(folder.parent_id, parent), eq(folder.name, name));
    const id = this.#box.db.select({ id: folder.id }).from(folder).where(sibling).get()?.id;
    return id === undefined ? undefined : isView(id) ? ROLE_ID.archive : id;
  }

  #make(parent: number, name: string): number | null {
    if (!FolderName.safeParse(name).success) return null;
    try {
      const parent_id = parent === TOP ? null : folderIdOf(this.#box, parent);
      return requireNumber(this.#box, "folder", createFolder(this.#box, { name, parent_id }, this.#now).id);
    } catch (error) {
      if (!isFailure(error)) throw error;
      const detail = error instanceof Error ? error.message : "";
      if (!this.problems.some(({ where }) => where === name)) {
        this.problems.push({ where: name, reason: "folder_not_made", detail });
      }
      return null;
    }
  }
}
