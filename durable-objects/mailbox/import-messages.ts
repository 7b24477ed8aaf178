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
import { recordChange } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { ImportFolders } from "./import-folders.ts";
import { finish, type Job, LEASE_MS, leased, note, save } from "./imports.ts";
import { isOwners, joinThreads } from "./join-threads.ts";
import type { Content, StoredBytes } from "./letter.ts";
import { type Mailbox, type MessageRow, prepared } from "./mailbox-database.ts";
import { addMessage } from "./new-message.ts";
import { receivedAt } from "./object-ids.ts";
import { applyCounts, type CountDeltas, replace } from "./placement.ts";

/** What a message is recognised by. */
export interface Identity {
  rfc_message_id: string | null;
  /** 32 hexadecimal digits of mail/fingerprint.ts. */
  fingerprint: string;
  /** It has a Message-ID or a Date. Without either, the same bytes at another time are another message. */
  has_identity: boolean;
  /** Null where nothing says when it came. */
  received_at: number | null;
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
      const added = addOnce(box, imported, folders, now);
      if (added === null) {
        job.progress.already_here++;
        if (imported.stored !== null) unneeded.push(imported.stored.raw_key);
      } else {
        job.progress.imported++;
        job.progress.oldest_id = Math.min(job.progress.oldest_id ?? added, added);
      }
    }
    for (const entry of [...step.unreadable, ...folders.problems]) note(job, entry);
    advance(job, step, now);
    save(box.db, job);
    return { unneeded };
  });
}

function advance(job: Job, { place, bytes_read, format }: ImportStep, now: number): void {
  const { progress, request } = job;
  progress.tries = 0;
  progress.bytes_read = Math.max(progress.bytes_read, bytes_read);
  if (place === null) progress.joining_from = progress.oldest_id ?? Number.MAX_SAFE_INTEGER;
  else progress.place = place;
  request.format = format;
  job.next_attempt_at = now + LEASE_MS;
}

/** The new message's id, or null when it is here already. */
function addOnce(box: Mailbox, imported: ImportedMessage, folders: ImportFolders, now: number): number | null {
  const here = findSame(box, imported);
  const { stored } = imported;
  // Without bytes it was here and is not any more: its owner deleted it this moment.
  if (here === null && stored === null) return null;
  const folder_ids = [...new Set(imported.folders.map((folder) => folders.idOf(folder)))];
  if (here !== null || stored === null) {
    if (here !== null) addFolders(box, here, folder_ids);
    return null;
  }
  const { flags, delivered_to, keywords, fingerprint } = imported;
  const row = addMessage(box, {
    ...{ ...stored, folder_ids, return_path: imported.return_path },
    received_at: Math.min(now, imported.received_at ?? now),
    // Only what the owner wrote may join any conversation (see threads.ts). Of the rest an archive need not say who it came to.
    delivered_to: isOwners(folder_ids) || delivered_to.length > 0 ? delivered_to : [box.email],
    ...{ is_read: flags.is_read, is_draft: flags.is_draft },
  });
  box.db.update(message).set({ delivered_to, keywords, fingerprint }).where(eq(message.id, row.id)).run();
  if (flags.is_flagged) changePlace(box, row, { ...row, is_flagged: true });
  return row.id;
}

/** What the owner threw away stays away, and what has a place is not put into the archive as well. */
function addFolders(box: Mailbox, row: MessageRow, folderIds: number[]): void {
  const { folder_ids } = row;
  if (folder_ids.includes(ROLE_ID.trash) || folder_ids.includes(ROLE_ID.junk)) return;
  const wanted = folderIds.filter((id) => id !== ROLE_ID.archive && !folder_ids.includes(id));
  if (wanted.length > 0) changePlace(box, row, { ...row, folder_ids: [...folder_ids, ...wanted] });
}

function changePlace(box: Mailbox, before: MessageRow, after: MessageRow): void {
  const deltas: CountDeltas = new Map();
  replace(box.db, before, after, deltas);
  applyCounts(box.db, deltas, recordChange(box.db, "message", before.id, "changed"));
}

function findSame(
  box: Mailbox,
  { rfc_message_id, fingerprint, has_identity, received_at }: Identity,
): MessageRow | null {
  const found = selectSame(box.db).all({ rfc_message_id, fingerprint });
  const second = (time: number) => Math.floor(time / 1000);
  const isSame = ({ id }: MessageRow) =>
    has_identity || received_at === null || second(receivedAt(id)) === second(received_at);
  return found.find(isSame) ?? null;
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

/**
 * After the last message: an archive has answers before what they answer. Puts conversations together, so many messages
 * at a time. Returns whether more are left; null when the lease was lost.
 */
export function joinImported(box: Mailbox, number: number, lease: string, now: number): { has_more: boolean } | null {
  return box.db.transaction(() => {
    const job = leased(box.db, number, lease);
    if (job === null || job.progress.joining_from === null) return null;
    const next = joinThreads(box, job.progress.joining_from);
    job.progress.tries = 0;
    job.next_attempt_at = now + LEASE_MS;
    if (next === null) finish(box.db, job, "done", now);
    else {
      job.progress.joining_from = next;
      save(box.db, job);
    }
    return { has_more: next !== null };
  });
}
