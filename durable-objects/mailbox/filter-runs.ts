/**
 * A filter on its way over the mail that is here already. The alarm goes on with it, newest messages first, a few at a
 * time, so that a reader waits for one step at most. A step's changes and how far it has got are one transaction: through
 * any crash each message is looked at once. Nothing leaves because of a run: whoever wrote years ago waits for no answer.
 */
import { and, asc, desc, eq, inArray, isNotNull, lt, lte, min } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import {
  type Filter,
  type FilterActions,
  FilterId,
  type FilterRun,
  FilterRunId,
  RunProgress,
} from "../../contract/filters.ts";
import { MAX_KEPT_RUNS, MAX_OPEN_RUNS } from "../../contract/limits.ts";
import { randomId } from "../../contract/random-id.ts";
import { filter_run } from "../../schema/mailbox/tables.ts";
import { recordResource } from "./change-log.ts";
import { ROLE_ID } from "./folder-roles.ts";
import { folderRows } from "./folders.ts";
import { type Mailbox, type MailboxDb, prepared } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

type Row = typeof filter_run.$inferSelect;

/** A step that failed is due again then; after so many in a row it is over. */
const RETRY_MS = 60_000;
const MAX_FAILURES = 20;
const KEPT_MS = 30 * 24 * 3_600_000;

/** Throws `conflict`: too many at once, or nothing that it could do. */
export function startRun(box: Mailbox, { id, conditions, actions }: Filter, now: number): FilterRun {
  if (!changesMail(actions)) {
    throw new Failure("conflict", "The filter only forwards or answers, which is for mail that comes.");
  }
  return box.db.transaction(() => {
    const running = box.db.select().from(filter_run).where(isNotNull(filter_run.next_attempt_at)).all();
    if (running.length >= MAX_OPEN_RUNS) {
      throw new Failure("conflict", `At most ${MAX_OPEN_RUNS} runs at once: wait until one is over, or cancel it.`);
    }
    forgetBeyond(box.db, MAX_KEPT_RUNS - 1);
    const messages = folderRows(box.db).find((row) => row.id === ROLE_ID.all)?.total ?? 0;
    const counts = { messages, looked_at: 0, matched: 0, changed: 0, unreadable: 0, failures: 0 };
    const progress: RunProgress = { ...counts, below: Number.MAX_SAFE_INTEGER, conditions, actions };
    recordResource(box.db, "filters");
    const row = { id: randomId(16), filter_id: id, state: "running" as const, created_at: now, next_attempt_at: now };
    return viewOf(
      box,
      box.db
        .insert(filter_run)
        .values({ ...row, progress })
        .returning()
        .get(),
    );
  });
}

const changesMail = ({ forward_to: _forward, reply: _reply, stop: _stop, ...others }: FilterActions): boolean =>
  Object.values(others).some((one) => !Array.isArray(one) || one.length > 0);

/** Newest first. */
export const listRuns = (box: Mailbox, filterId: string): FilterRun[] =>
  box.db
    .select()
    .from(filter_run)
    .where(eq(filter_run.filter_id, filterId))
    .orderBy(desc(filter_run.created_at))
    .all()
    .map((row) => viewOf(box, row));

export const readRun = (box: Mailbox, filterId: string, id: string): FilterRun =>
  viewOf(box, requireRun(box.db, filterId, id));

/** What was done stays. Of one that is over nothing changes. */
export function cancelRun(box: Mailbox, filterId: string, id: string): FilterRun {
  const row = requireRun(box.db, filterId, id);
  if (row.state === "running") end(box.db, row.id, "cancelled");
  return readRun(box, filterId, id);
}

export const cancelRunsOf = (db: MailboxDb, filterId: string): void =>
  void db
    .update(filter_run)
    .set({ state: "cancelled", next_attempt_at: null })
    .where(and(eq(filter_run.filter_id, filterId), eq(filter_run.state, "running")))
    .run();

function requireRun(db: MailboxDb, filterId: string, id: string): Row {
  const row = findRun(db, id);
  if (row?.filter_id !== filterId) throw notFound("run");
  return row;
}

const findRun = (db: MailboxDb, id: string): Row | undefined =>
  db.select().from(filter_run).where(eq(filter_run.id, id)).get();

/** When the alarm must ring next for a run, or null. */
export const nextRun = (db: MailboxDb): number | null => selectNext(db).get()?.at ?? null;

const selectNext = prepared((db) =>
  db
    .select({ at: min(filter_run.next_attempt_at) })
    .from(filter_run)
    .where(isNotNull(filter_run.next_attempt_at))
    .prepare(),
);

export interface RunStep {
  id: string;
  created_at: number;
  progress: RunProgress;
}

/** Runs to go on with. As if the step had failed: if it does, it is due again in a minute. */
export function takeDueRuns(db: MailboxDb, now: number): RunStep[] {
  const isDue = and(isNotNull(filter_run.next_attempt_at), lte(filter_run.next_attempt_at, now));
  return db
    .select()
    .from(filter_run)
    .where(isDue)
    .orderBy(asc(filter_run.created_at))
    .all()
    .flatMap(({ id, created_at, progress: stored }) => {
      const read = RunProgress.safeParse(stored);
      if (!read.success || read.data.failures >= MAX_FAILURES) {
        console.error("filter run fails", { id });
        end(db, id, "failed");
        return [];
      }
      const progress = { ...read.data, failures: read.data.failures + 1 };
      db.update(filter_run)
        .set({ progress, next_attempt_at: now + RETRY_MS })
        .where(eq(filter_run.id, id))
        .run();
      return [{ id, created_at, progress }];
    });
}

export const isRunning = (db: MailboxDb, id: string): boolean => findRun(db, id)?.state === "running";

/** A step is done. Part of the transaction that changed its messages. */
export function saveProgress(db: MailboxDb, id: string, progress: RunProgress, isOver: boolean, now: number): void {
  const goes_on = { state: "running", next_attempt_at: now } as const;
  const is_over = { state: "done", next_attempt_at: null } as const;
  db.update(filter_run)
    .set({ progress: { ...progress, failures: 0 }, ...(isOver ? is_over : goes_on) })
    .where(eq(filter_run.id, id))
    .run();
  recordResource(db, "filters");
}

function end(db: MailboxDb, id: string, state: "failed" | "cancelled"): void {
  db.update(filter_run).set({ state, next_attempt_at: null }).where(eq(filter_run.id, id)).run();
  recordResource(db, "filters");
}

const isOver = inArray(filter_run.state, ["done", "failed", "cancelled"]);

/** The oldest of those that are over. */
function forgetBeyond(db: MailboxDb, kept: number): void {
  const rows = db.select({ id: filter_run.id }).from(filter_run).orderBy(desc(filter_run.created_at)).all();
  const ids = rows.slice(kept).map(({ id }) => id);
  if (ids.length > 0)
    db.delete(filter_run)
      .where(and(inArray(filter_run.id, ids), isOver))
      .run();
}

export const forgetOldRuns = (db: MailboxDb, now: number): void =>
  void db
    .delete(filter_run)
    .where(and(lt(filter_run.created_at, now - KEPT_MS), isOver))
    .run();

function viewOf({ user_id }: Mailbox, row: Row): FilterRun {
  const { messages, looked_at, matched, changed, unreadable } = RunProgress.parse(row.progress);
  return {
    ...{ id: FilterRunId.parse(row.id), user_id, filter_id: FilterId.parse(row.filter_id), state: row.state },
    ...{ created_at: isoTime(row.created_at), messages, looked_at, matched, changed, unreadable },
  };
}
