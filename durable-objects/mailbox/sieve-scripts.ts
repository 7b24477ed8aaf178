/** The owner's Sieve scripts. The active one is kept ready to run for as long as the object lives. */
import { asc, count, eq, sql } from "drizzle-orm";
import { Failure, notFound } from "../../contract/failure.ts";
import { MAX_SIEVE_SCRIPTS } from "../../contract/limits.ts";
import { type PutSieveScript, SieveError, type SieveScript, type SieveScriptText } from "../../contract/sieve.ts";
import { compileScript } from "../../mail/sieve/compile-script.ts";
import type { Program } from "../../mail/sieve/program.ts";
import { CAPABILITIES } from "../../mail/sieve/signatures.ts";
import { account, sieve_script } from "../../schema/mailbox/tables.ts";
import type { Mailbox, MailboxDb } from "./mailbox-database.ts";
import { isoTime } from "./message-views.ts";

type Row = typeof sieve_script.$inferSelect;

export function sieveState(box: Mailbox) {
  const rows = box.db.select().from(sieve_script).orderBy(asc(sieve_script.name)).all();
  return {
    capabilities: [...CAPABILITIES],
    scripts: rows.map((row) => viewOf(box, row)),
    last_error: lastError(box.db),
  };
}

export function readScript(box: Mailbox, name: string): SieveScriptText {
  const row = requireRow(box.db, name);
  return { ...viewOf(box, row), script: row.script };
}

export function activeScript(box: Mailbox): SieveScriptText | null {
  const row = activeRow(box.db);
  return row === undefined ? null : { ...viewOf(box, row), script: row.script };
}

/** Its text was checked by the Worker, which can say what is wrong with it without this mailbox. */
export function putScript(box: Mailbox, name: string, { script, is_active }: PutSieveScript, now: number): SieveScript {
  return changing(box, () => {
    const before = findRow(box.db, name);
    if (before === undefined && countScripts(box.db) >= MAX_SIEVE_SCRIPTS) {
      throw new Failure("conflict", `An account has at most ${MAX_SIEVE_SCRIPTS} Sieve scripts.`);
    }
    const becomes = is_active ?? before?.is_active ?? false;
    if (becomes) deactivate(box.db);
    // Half a character cannot be stored, and no script means one.
    const row = { name, script: script.toWellFormed(), is_active: becomes, changed_at: now };
    box.db.insert(sieve_script).values(row).onConflictDoUpdate({ target: sieve_script.name, set: row }).run();
    if (becomes) setLastError(box.db, null);
    return viewOf(box, row);
  });
}

/** Null: none is active. */
export function activateScript(box: Mailbox, name: string | null): SieveScript | null {
  return changing(box, () => {
    const row = name === null ? null : requireRow(box.db, name);
    deactivate(box.db);
    setLastError(box.db, null);
    if (row === null) return null;
    box.db.update(sieve_script).set({ is_active: true }).where(eq(sieve_script.name, row.name)).run();
    return viewOf(box, { ...row, is_active: true });
  });
}

/** RFC 5804 §2.10: the active one stays, so that nobody's mail is sorted otherwise by a slip. */
export function deleteScript(box: Mailbox, name: string): void {
  changing(box, () => {
    if (requireRow(box.db, name).is_active) throw new Failure("conflict", "The script is active: switch it off first.");
    box.db.delete(sieve_script).where(eq(sieve_script.name, name)).run();
  });
}

export interface ActiveScript {
  name: string;
  program: Program;
}

/** Accounts without an active script pay nothing for it at a delivery; the others do not read theirs each time. */
const active = new WeakMap<Mailbox, ActiveScript | null>();

export function activeProgram(box: Mailbox): ActiveScript | null {
  const known = active.get(box);
  if (known !== undefined) return known;
  const row = activeRow(box.db);
  const compiled = row === undefined ? null : compileScript(row.script);
  // A script that was taken once and is refused by a later version keeps all mail.
  if (compiled?.ok === false)
    console.error("active Sieve script is refused", { user_id: box.user_id, script: row?.name });
  const found = row !== undefined && compiled?.ok ? { name: row.name, program: compiled.value } : null;
  active.set(box, found);
  return found;
}

function changing<T>(box: Mailbox, work: () => T): T {
  try {
    return box.db.transaction(work);
  } finally {
    active.delete(box);
  }
}

const findRow = (db: MailboxDb, name: string): Row | undefined =>
  db.select().from(sieve_script).where(eq(sieve_script.name, name)).get();

const countScripts = (db: MailboxDb): number => db.select({ n: count() }).from(sieve_script).get()?.n ?? 0;

const activeRow = (db: MailboxDb): Row | undefined =>
  db.select().from(sieve_script).where(eq(sieve_script.is_active, true)).get();

function requireRow(db: MailboxDb, name: string): Row {
  const row = findRow(db, name);
  if (row === undefined) throw notFound("script");
  return row;
}

const deactivate = (db: MailboxDb): void =>
  void db.update(sieve_script).set({ is_active: false }).where(eq(sieve_script.is_active, true)).run();

const viewOf = ({ user_id }: Mailbox, { name, script, is_active, changed_at }: Row): SieveScript => {
  return { name, user_id, is_active, size: script.length, changed_at: isoTime(changed_at) };
};

/** RFC 5228 §2.10.6: the owner is told of an error. Written only when it is another one than before. */
export function setLastError(db: MailboxDb, error: SieveError | null): void {
  const before = lastError(db);
  if (before === null && error === null) return;
  if (before !== null && error !== null && before.message === error.message && before.script === error.script) return;
  const settings = sql`json_set(${account.settings}, '$.sieve_error', json(${JSON.stringify(error)}))`;
  db.update(account).set({ settings }).run();
}

function lastError(db: MailboxDb): SieveError | null {
  const { sieve_error = null } = db.select({ settings: account.settings }).from(account).get()?.settings ?? {};
  const parsed = SieveError.safeParse(sieve_error);
  return parsed.success ? parsed.data : null;
}
