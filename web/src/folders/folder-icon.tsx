import {
  Archive,
  File,
  FolderIcon,
  Inbox,
  type LucideIcon,
  Mails,
  MailWarning,
  Send,
  Star,
  Trash2,
} from "lucide-react";
import type { Folder, FolderRole } from "../../../contract/folders.ts";

const ICONS: Record<FolderRole, LucideIcon> = {
  inbox: Inbox,
  archive: Archive,
  drafts: File,
  flagged: Star,
  junk: MailWarning,
  sent: Send,
  trash: Trash2,
  all: Mails,
};

export const folderIcon = ({ role }: Folder): LucideIcon => (role === null ? FolderIcon : ICONS[role]);
