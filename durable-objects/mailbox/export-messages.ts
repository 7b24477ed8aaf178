/** What is exported, page by page: where a message's bytes lie, and everything that an import makes it whole again by. */
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { notFound } from "../../contract/failure.ts";
import { SearchMessages } from "../../contract/search.ts";
import type { ArchiveFolder } from "../../mail/archive/archive-folder.ts";
import { folder, folder_message, message } from "../../schema/mailbox/tables.ts";
import { isView, ROLE_ID } from "./folder-roles.ts";
import type { FolderRow, Mailbox, MailboxDb } from "./mailbox-database.ts";
import { cursorOf, messageIdOf, receivedAt, requireCursor, requireNumber } from "./object-ids.ts";
import { heldColumns, inOrder, type RawMessage, rawOf } from "./read-messages.ts";
import { search } from "./search.ts";

export interface ExportSelection {
  folder?: string | undefined;
  q?: string | undefined;
}

export interface ExportedMessage {
  id: string;
  raw: RawMessage;
  folders: ArchiveFolder[];
  /** The same folders by the names that people see, outermost first. */
  folder_names: string[][];
  received_at: number;
  return_path: string;
  delivered_to: string[];
  is_read: boolean;
  is_flagged: boolean;
  is_draft: boolean;
  keywords: string[];
}

export interface ExportPage {
  messages: ExportedMessage[];
  next_cursor: string | null;
}

const PAGE = 100;

/** Oldest first, as mailboxes are written; what a search finds is newest first, as it is searched. */
export function exportPage(box: Mailbox, selection: ExportSelection, cursor: string | undefined): ExportPage {
  const folders = new FolderTree(box.db);
  if (selection.q !== undefined) {
    const { page } = search(box, SearchMessages.parse({ q: selection.q, limit: PAGE, cursor }), Date.now());
    const ids = page.messages.map(({ id }) => requireNumber(box, "message", id));
    return { messages: shown(box, ids, folders), next_cursor: page.next_cursor };
  }
  const after = requireCursor(box, cursor) ?? -1;
  const folderId = selection.folder === undefined ? ROLE_ID.all : requireNumber(box, "folder", selection.folder);
  if (!folders.has(folderId)) throw notFound("folder");
  const ids = idsAfter(box.db, folderId, after);
  const last = ids.at(-1);
  return {
    messages: shown(box, ids, folders),
    next_cursor: ids.length < PAGE || last === undefined ? null : cursorOf(box, last),
  };
}

function idsAfter(db: MailboxDb, folderId: number, after: number): number[] {
  if (isView(folderId)) {
    const isShown = folderId === ROLE_ID.flagged ? eq(message.is_flagged, true) : undefined;
    const found = db
      .select({ id: message.id })
      .from(message)
      .where(and(isShown, gt(message.id, after)));
    return ids(found.orderBy(asc(message.id)).limit(PAGE).all());
  }
  const { folder_id, message_id } = folder_message;
  const found = db
    .select({ id: message_id })
    .from(folder_message)
    .where(and(eq(folder_id, folderId), gt(message_id, after)));
  return ids(found.orderBy(asc(message_id)).limit(PAGE).all());
}

const ids = (rows: { id: number }[]): number[] => rows.map(({ id }) => id);

/** What leaves with a message. Its header and parts, which can be long, are in its bytes. */
const exportedColumns = {
  ...heldColumns,
  added_fields: message.added_fields,
  return_path: message.return_path,
  delivered_to: message.delivered_to,
};

function shown(box: Mailbox, ids: number[], folders: FolderTree): ExportedMessage[] {
  const isOne = sql`${message.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const rows = box.db.select(exportedColumns).from(message).where(isOne).all();
  return inOrder(ids, rows).map((row) => ({
    id: messageIdOf(box, row.id),
    raw: rawOf(row),
    folders: row.folder_ids.map((id) => folders.placeOf(id)),
    folder_names: row.folder_ids.map((id) => folders.namesOf(id)),
    received_at: receivedAt(row.id),
    return_path: row.return_path,
    delivered_to: row.delivered_to,
    ...{ is_read: row.is_read, is_flagged: row.is_flagged, is_draft: row.is_draft, keywords: row.keywords },
  }));
}

class FolderTree {
  readonly #rows: Map<number, FolderRow>;

  constructor(db: MailboxDb) {
    const rows = db.select().from(folder).all();
    this.#rows = new Map(rows.map((row) => [row.id, row]));
  }

  has(id: number): boolean {
    return this.#rows.has(id);
  }

  namesOf(id: number): string[] {
    const row = this.#rows.get(id);
    return row === undefined ? [] : [...this.namesOf(row.parent_id), row.name];
  }

  /** By its role where it has one, since a name may be in any language. */
  placeOf(id: number): ArchiveFolder {
    const row = this.#rows.get(id);
    if (row === undefined) return { role: null, path: [] };
    if (row.role !== null) return { role: row.role, path: [] };
    const parent = this.placeOf(row.parent_id);
    return { role: parent.role, path: [...parent.path, row.name] };
  }
}
