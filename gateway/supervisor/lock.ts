/**
 * One launcher a state folder. The lock is SQLite's own on an otherwise empty database: the operating system holds it
 * for the process and gives it up however the process ends, so there is no stale file to judge by pids that may have
 * been given to somebody else.
 */
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { StateFolder } from "../state.ts";

const Holder = z.object({ pid: z.number().int(), started_at: z.string() });

/** For the message to whoever comes second, and to tell a clean end from a kill: it is removed at the end. */
const HOLDER_FILE = "launcher.json";

export class AlreadyRunning extends Error {}

export interface Lock {
  /** The launcher before this one was killed, and its runtime may be a moment from its own end. */
  afterKill: boolean;
  release: () => Promise<void>;
}

export async function takeLock(state: StateFolder): Promise<Lock> {
  // A launcher that was killed a moment ago may not be gone yet.
  const database = new DatabaseSync(state.lock, { timeout: 1000 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const holder = await state.read(HOLDER_FILE, Holder);
    const who = holder === undefined ? "" : ` (process ${holder.pid}, since ${holder.started_at})`;
    throw new AlreadyRunning(`Mailmesh is already running on ${state.root}${who}`);
  }
  const afterKill = (await state.read(HOLDER_FILE, Holder)) !== undefined;
  await state.write(HOLDER_FILE, { pid: process.pid, started_at: new Date().toISOString() });
  return {
    afterKill,
    release: async () => {
      await state.remove(HOLDER_FILE);
      database.close();
    },
  };
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
