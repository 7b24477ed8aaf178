/** The log of changes that clients sync from, and the counts that change with it. */
import { asc, gt, lte, max, sql } from "drizzle-orm";
import { ChangedResource, type ChangeSet, type Changes } from "../../contract/changes.ts";
import { Failure } from "../../contract/failure.ts";
import { account, change, folder } from "../../schema/mailbox/tables.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { folderIdOf, importIdOf, messageIdOf, submissionIdOf, threadIdOf } from "./object-ids.ts";

export type ChangeType = typeof change.$inferSelect.type;
export type ChangeOp = typeof change.$inferSelect.op;

/** Appends one change and returns its modseq. Part of the transaction that makes the change. */
export function recordChange(db: MailboxDb, type: ChangeType, objectId: number, op: ChangeOp): number {
  return insertChange(db).get({ type, object_id: objectId, op, thread_id: null }).modseq;
}

/**
 * A change of a message, and with `threadId` of which messages its thread has: one row says both. A thread begins with
 * the message of its own number; its end is a row of its own. Drafts are listed as such besides.
 */
export function recordMessage(
  db: MailboxDb,
  row: { id: number; is_draft: boolean },
  op: ChangeOp,
  threadId: number | null = null,
): number {
  if (row.is_draft) recordChange(db, "draft", row.id, op);
  return insertChange(db).get({ type: "message", object_id: row.id, op, thread_id: threadId }).modseq;
}

/** Runs a change of what the account has one of, or few, and tells other clients to read it anew. */
export function changeResource<T>(db: MailboxDb, resource: ChangedResource, work: () => T): T {
  return db.transaction(() => {
    const result = work();
    recordResource(db, resource);
    return result;
  });
}

/** The same as part of the transaction that makes the change. */
export function recordResource(db: MailboxDb, resource: ChangedResource): void {
  recordChange(db, "resource", ChangedResource.options.indexOf(resource), "changed");
}

const insertChange = prepared((db) =>
  db
    .insert(change)
    .values({
      type: sql.placeholder("type"),
      object_id: sql.placeholder("object_id"),
      op: sql.placeholder("op"),
      thread_id: sql.placeholder("thread_id"),
    })
    .returning({ modseq: change.modseq })
    .prepare(),
);

/** The present state: the last modseq, 0 before the first change. */
export function currentState(db: MailboxDb): number {
  return selectState(db).get()?.modseq ?? 0;
}

const selectState = prepared((db) =>
  db
    .select({ modseq: max(change.modseq) })
    .from(change)
    .prepare(),
);

/** Log rows that one answer covers at most. */
const PAGE = 1000;

/**
 * What happened since a state, each object named once: created and then destroyed is nothing, created and then changed
 * is created (RFC 8620 §5.2). Throws `bad_state` for a state that this mailbox never had, and `state_too_old` for one
 * from before the oldest row that is kept: the client then reads everything anew.
 */
export function changesSince(box: Mailbox, since: number): Changes {
  const present = currentState(box.db);
  if (since > present) {
    throw new Failure("bad_state", "This mailbox never had that state.", [
      { at: "query.since", message: "unknown state" },
    ]);
  }
  requireKept(box.db, since);
  const rows = box.db
    .select()
    .from(change)
    .where(gt(change.modseq, since))
    .orderBy(asc(change.modseq))
    .limit(PAGE)
    .all();
  const state = rows.at(-1)?.modseq ?? since;
  const sets = {
    message: newSet(),
    thread: newSet(),
    folder: newSet(),
    submission: newSet(),
    draft: newSet(),
    import: newSet(),
    resource: newSet(),
  };
  for (const row of rows) {
    sets[row.type].add(row.object_id, row.op);
    if (row.thread_id !== null) {
      sets.thread.add(row.thread_id, row.op === "created" && row.object_id === row.thread_id ? "created" : "changed");
    }
  }
  const recounted = box.db
    .select({ id: folder.id, modseq: folder.modseq })
    .from(folder)
    .where(gt(folder.modseq, since));
  const renamed = new Set(rows.map(({ type, modseq }) => (type === "folder" ? modseq : 0)));
  for (const row of recounted.all()) {
    if (row.modseq > state || renamed.has(row.modseq)) continue;
    sets.folder.add(row.id, "changed");
    // Its counts are the sum of the others'.
    sets.folder.add(ROLE_ID.all, "changed");
  }
  return {
    since: String(since),
    state: String(state),
    has_more: state < present,
    message: sets.message.named((id) => messageIdOf(box, id)),
    thread: sets.thread.named((id) => threadIdOf(box, id)),
    folder: sets.folder.named((id) => folderIdOf(box, id)),
    submission: sets.submission.named((id) => submissionIdOf(box, id)),
    draft: sets.draft.named((id) => messageIdOf(box, id)),
    import: sets.import.named((id) => importIdOf(box, id)),
    resources: sets.resource.ids().flatMap((id) => ChangedResource.options[id] ?? []),
  };
}

/** Throws `state_too_old` for a state from before the oldest row that is kept. */
export function requireKept(db: MailboxDb, since: number): void {
  if (isForgotten(db, since)) {
    throw new Failure("state_too_old", "The changes since that state are no longer known: read everything anew.");
  }
}

export const isForgotten = (db: MailboxDb, since: number): boolean => since < oldestState(db);

/** The state from which on the log is whole. */
const oldestState = (db: MailboxDb): number =>
  db.select({ oldest_state: account.oldest_state }).from(account).get()?.oldest_state ?? 0;

/** Rows that the log keeps, and how many one alarm takes away at most: each is a row written. */
const KEPT_ROWS = 200_000;
const TRIMMED_AT_ONCE = 2000;

/** Forgets the oldest changes. Returns whether more are to be forgotten. */
export function trimLog(db: MailboxDb, keep = KEPT_ROWS): boolean {
  const oldest = oldestState(db);
  const until = Math.min(currentState(db) - keep, oldest + TRIMMED_AT_ONCE);
  if (until <= oldest) return false;
  db.transaction(() => {
    db.delete(change).where(lte(change.modseq, until)).run();
    db.update(account).set({ oldest_state: until }).run();
  });
  return until < currentState(db) - keep;
}

/** What a run of rows comes to for one type, each object once. */
function newSet() {
  const ops = new Map<number, ChangeOp | "nothing">();
  return {
    add(id: number, op: ChangeOp) {
      const before = ops.get(id);
      if (before === undefined || before === "changed") ops.set(id, op);
      else if (before === "created" && op === "destroyed") ops.set(id, "nothing");
      else if (before === "nothing" && op === "created") ops.set(id, "created");
      // The client has it: whatever became of it in between, it is another now.
      else if (before === "destroyed" && op === "created") ops.set(id, "changed");
    },
    ids: (): number[] => [...ops.keys()],
    named(name: (id: number) => string): ChangeSet {
      const set: ChangeSet = { created: [], changed: [], destroyed: [] };
      for (const [id, op] of ops) if (op !== "nothing") set[op].push(name(id));
      return set;
    },
  };
}
