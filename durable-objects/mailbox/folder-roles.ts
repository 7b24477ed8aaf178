/** The default folders (RFC 6154), and their ids inside every Mailbox. Outside, ids are masked: see object-ids.ts. */
import type { FolderRole } from "../../contract/folders.ts";

export const ROLE_ID = {
  inbox: 1,
  archive: 2,
  drafts: 3,
  sent: 4,
  junk: 5,
  trash: 6,
  flagged: 7,
  all: 8,
} as const satisfies Record<FolderRole, number>;

export const DEFAULT_FOLDERS: { id: number; role: FolderRole; name: string }[] = [
  { id: ROLE_ID.inbox, role: "inbox", name: "Inbox" },
  { id: ROLE_ID.archive, role: "archive", name: "Archive" },
  { id: ROLE_ID.drafts, role: "drafts", name: "Drafts" },
  { id: ROLE_ID.sent, role: "sent", name: "Sent" },
  { id: ROLE_ID.junk, role: "junk", name: "Junk" },
  { id: ROLE_ID.trash, role: "trash", name: "Trash" },
  { id: ROLE_ID.flagged, role: "flagged", name: "Flagged" },
  { id: ROLE_ID.all, role: "all", name: "All mail" },
];

/** Views are computed from the messages: nothing is ever put into them. */
export const isView = (id: number): boolean => id === ROLE_ID.flagged || id === ROLE_ID.all;
