/**
 * One step of an import: the messages of a batch and the place behind them, in one transaction. What is in the mailbox
 * already is recognised by its bytes and not added again; the folders it had in the archive are.
 */
import { and, eq, sql } from "drizzle-orm";
import type { ImportFormat, ReportEntry } from "../../contract/imports.ts";
import type { ArchiveFolder } from "../../mail/archive/archive-folder.ts";
import type { Flags } from "../../mail/archive/entry-place.ts";
import type { ArchivePlace } from "../../mail/archive/read-archive.ts";
import { message } from "../../schema/mailbox/tables.ts";
import { rememberImported } from "./correspondents.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { ImportFolders } from "./import-folders.ts";
import { finish, type Job, note, save } from "./import-job.ts";
import { LEASE_MS, leased } from "./import-queue.ts";
import type { Content, StoredBytes } from "./letter.ts";
import { type Mailbox, type MessageRow, prepared } from "./mailbox-database.ts";
import { addMessage } from "./new-message.ts";
import { receivedAt } from "./object-ids.ts";
import { Placing } from "./placement.ts";
import { hasRoom } from "./quota.ts";
import { change } from "./update-messages.ts";

/** What a message is recognised by. */
export interface Identity {
  rfc_message_id: string | null;
  /** See mail/archive/identity.ts. */
  fingerprint: string;
  exact_fingerprint: string;
  /** It has a Message-ID or a Date. Without either, the same bytes at another time are another message. */
  has_identity: boolean;
  /** Null where nothing says when it came. */
  received_at: number | null;
  size: number;
}

export interface ImportedMessage extends Identity {
  where: string;
  /** Null where the message was in the mailbox a moment ago: nothing was stored for it. */
  stored: (StoredBytes & { content: Content }) | null;
  folders: ArchiveFolder[];
  flags: Flags;
  keywords: string[];
  return_path: string;
  delivered_to: string[];
}

export interface ImportStep {
  format: ImportFormat;
  messages: ImportedMessage[];
  unreadable: ReportEntry[];
  /** Behind everything in this step; null at the end of the file. */
  place: ArchivePlace | null;
  bytes_read: number;
}

/** Which of these are in the mailbox: their bytes need not be stored again. */
export const whichAreHere = (box: Mailbox, all: Identity[]): boolean[] =>
  all.map((identity) => findSame(box, identity) !== null);

/**
 * Writes a step. Returns the locations of bytes that are not needed after all, or null when the lease was lost: then
 * nothing was written, and none of the step's bytes are needed.
 */
export function saveStep(
  box: Mailbox,
  number: number,
  lease: string,
  step: ImportStep,
  now: number,
): { unneeded: string[] } | null {
  return box.db.transaction(() => {
    const job = leased(box.db, number, lease);
    if (job === null) return null;
    const folders = new ImportFolders(box, now);
    const unneeded: string[] = [];
    for (const imported of step.messages) {
      const outcome = addOnce(box, imported, folders, now);
      if (outcome === "imported") job.progress.imported++;
      else {
        if (imported.stored !== null) unneeded.push(imported.stored.raw_key);
        if (outcome === "already_here") job.progress.already_here++;
        else note(job, { where: imported.where, reason: "over_quota", detail: "the mailbox is full" });
      }
    }
    for (const entry of [...step.unreadable, ...folders.problems]) note(job, entry);
    advance(job, step, now);
    if (step.place === null) finish(box.db, job, "done", now);
    else save(box.db, job);
    return { unneeded };
  });
}

function advance(job: Job, { place, bytes_read, format }: ImportStep, now: number): void {
  const { progress, request } = job;
  progress.tries = 0;
  progress.bytes_read = Math.max(progress.bytes_read, bytes_read);
  progress.place = place ?? progress.place;
  request.format = format;
  job.next_attempt_at = now + LEASE_MS;
}

function addOnce(
  box: Mailbox,
  imported: ImportedMessage,
  folders: ImportFolders,
  now: number,
): "imported" | "already_here" | "over_quota" {
  const here = findSame(box, imported);
  const { stored, flags, keywords, fingerprint, return_path } = imported;
  // Without bytes it was here and is not any more: its owner deleted it this moment.
  if (here === null && stored === null) return "already_here";
  const folder_ids = [...new Set(imported.folders.map((folder) => folders.idOf(folder)))];
  if (here !== null || stored === null) {
    if (here !== null) addFolders(box, here, folder_ids);
    return "already_here";
  }
  if (!hasRoom(box.db, stored.size)) return "over_quota";
  const delivered_to = cameTo(box, imported, folder_ids);
  const received_at = Math.min(now, imported.received_at ?? now);
  const { is_read, is_flagged, is_draft } = flags;
  const row = addMessage(box, {
    ...{ ...stored, folder_ids, return_path, delivered_to, received_at },
    ...{ is_read, is_flagged, is_draft, keywords, fingerprint },
  });
  if (delivered_to.length !== imported.delivered_to.length) {
    box.db.update(message).set({ delivered_to: imported.delivered_to }).where(eq(message.id, row.id)).run();
  }
  if (folder_ids.includes(ROLE_ID.sent)) rememberImported(box.db, stored.content, received_at);
  return "imported";
}

/**
 * Whom threads.ts takes for the recipient: nobody of what the owner wrote, which lies in Sent or Drafts and may join any
 * conversation. Of the rest an archive need not say who it came to, and it came to the owner.
 */
function cameTo(box: Mailbox, { delivered_to }: ImportedMessage, folderIds: number[]): string[] {
  const isOwners = folderIds.includes(ROLE_ID.sent) || folderIds.includes(ROLE_ID.drafts);
  return isOwners || delivered_to.length > 0 ? delivered_to : [box.email];
}

/** What the owner threw away stays away, and what has a place is not put into the archive as well. */
function addFolders(box: Mailbox, row: MessageRow, folderIds: number[]): void {
  const { folder_ids } = row;
  if (folder_ids.includes(ROLE_ID.trash) || folder_ids.includes(ROLE_ID.junk)) return;
  const wanted = folderIds.filter((id) => id !== ROLE_ID.archive && !folder_ids.includes(id));
  const placing = new Placing(box.db);
  const modseq = change(box.db, row, { folder_ids: [...folder_ids, ...wanted] }, placing);
  if (modseq !== null) placing.settle(modseq);
}

function findSame(box: Mailbox, identity: Identity): MessageRow | null {
  const { rfc_message_id, has_identity, received_at, size } = identity;
  const second = (time: number) => Math.floor(time / 1000);
  const isSame = (row: MessageRow) =>
    has_identity || received_at === null || second(receivedAt(row.id)) === second(received_at);
  const hashes = new Set([identity.fingerprint, identity.exact_fingerprint]);
  const here = [...hashes].flatMap((fingerprint) => selectSame(box.db).all({ rfc_message_id, fingerprint }));
  const delivered = here.find(isSame);
  if (delivered !== undefined || rfc_message_id === null) return delivered ?? null;
  // What the owner wrote has no fingerprint: nobody delivers it again. Its Message-ID is our own.
  const written = selectSame(box.db).all({ rfc_message_id, fingerprint: "" });
  return written.find((row) => row.size === size) ?? null;
}

/** IS, because a message may have no Message-ID, and the index has these too. */
const selectSame = prepared((db) =>
  db
    .select()
    .from(message)
    .where(
      and(
        sql`${message.rfc_message_id} IS ${sql.placeholder("rfc_message_id")}`,
        eq(message.fingerprint, sql.placeholder("fingerprint")),
      ),
    )
    .limit(1000)
    .prepare(),
);
