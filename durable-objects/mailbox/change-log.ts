/** The log of changes that clients sync from, and the counts that change with it. */
import { asc, gt, max, sql } from "drizzle-orm";
import type { ChangeSet, Changes } from "../../contract/changes.ts";
import { Failure } from "../../contract/failure.ts";
import { change, folder } from "../../schema/mailbox/tables.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { folderIdOf, messageIdOf, submissionIdOf, threadIdOf } from "./object-ids.ts";

export type ChangeType = typeof change.$inferSelect.type;
export type ChangeOp = typeof change.$inferSelect.op;

/** Appends one change and returns its modseq. Part of the transaction that makes the change. */
export function recordChange(db: MailboxDb, type: ChangeType, objectId: number, op: ChangeOp): number {
  return insertChange(db).get({ type, object_id: objectId, op }).modseq;
}

const insertChange = prepared((db) =>
  db
    .insert(change)
    .values({ type: sql.placeholder("type"), object_id: sql.placeholder("object_id"), op: sql.placeholder("op") })
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
 * is created (RFC 8620 §5.2). Throws `bad_state` for a state that this mailbox never had.
 */
export function changesSince(box: Mailbox, since: number): Changes {
  const present = currentState(box.db);
  if (since > present) {
    throw new Failure("bad_state", "This mailbox never had that state.", [
      { at: "query.since", message: "unknown state" },
    ]);
  }
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
  };
  for (const row of rows) sets[row.type].add(row.object_id, row.op);
  const recounted = box.db
    .select({ id: folder.id, modseq: folder.modseq })
    .from(folder)
    .where(gt(folder.modseq, since));
  for (const row of recounted.all()) if (row.modseq <= state) sets.folder.add(row.id, "changed");
  return {
    since: String(since),
    state: String(state),
    has_more: state < present,
    message: sets.message.named((id) => messageIdOf(box, id)),
    thread: sets.thread.named((id) => threadIdOf(box, id)),
    folder: sets.folder.named((id) => folderIdOf(box, id)),
    submission: sets.submission.named((id) => submissionIdOf(box, id)),
  };
}

function newSet() {
  const ops = new Map<number, ChangeOp | "nothing">();
  return {
    add(id: number, op: ChangeOp) {
      const before = ops.get(id);
      if (before === "created" && op === "changed") return;
      if (before === "destroyed" && op === "changed") return;
      ops.set(id, before === "created" && op === "destroyed" ? "nothing" : op);
    },
    named(name: (id: number) => string): ChangeSet {
      const set: ChangeSet = { created: [], changed: [], destroyed: [] };
      for (const [id, op] of ops) if (op !== "nothing") set[op].push(name(id));
      return set;
    },
  };
}
