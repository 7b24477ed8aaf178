/**
 * What was done and is not known to be at the server: every answer is shown as it will be after that. An answer may have
 * been read before an update that was taken while it was on its way, so updates are remembered a little longer.
 */
import type { Folder } from "../../../contract/folders.ts";
import type { Step } from "./update.ts";

interface Pending {
  key: string;
  step: Step;
  /** When it was taken, by the clock of `now`; null before. */
  taken: number | null;
}

let clock = 0;
let fetching = 0;
let pending: Pending[] = [];
let request: Promise<unknown> = Promise.resolve();

/** Returns whether it was not known yet. */
export function begin(key: string, step: Step): boolean {
  const isNew = !pending.some((one) => one.key === key);
  if (isNew) pending.push({ key, step, taken: null });
  return isNew;
}

/** Whether anything that is shown is not known to be at the server. */
export const isAnyPending = (): boolean => pending.some(({ taken }) => taken === null);

/** It is at the server. */
export function taken(key: string): void {
  clock += 1;
  pending = pending.map((one) => (one.key === key ? { ...one, taken: clock } : one));
  if (fetching === 0) pending = pending.filter(({ taken }) => taken === null);
}

/** It will not be. Returns what it was, if it was done here. */
export function dropped(key: string): Step | undefined {
  const found = pending.find((one) => one.key === key);
  pending = pending.filter((one) => one !== found);
  return found?.step;
}

export function forgetAll(): void {
  pending = [];
}

/** A request that carries out an update. Counts that are asked for meanwhile might have it in them or not. */
export function onItsWay<T>(sent: Promise<T>): Promise<T> {
  request = sent.catch(() => undefined);
  return sent;
}

/** An answer as it will be: `show` is given what was pending at any time while it was on its way. */
export async function withPending<T>(fetch: () => Promise<T>, show: (answer: T, step: Step) => T): Promise<T> {
  const began = clock;
  fetching += 1;
  try {
    let answer: T = await fetch();
    for (const one of pending) if (one.taken === null || one.taken > began) answer = show(answer, one.step);
    return answer;
  } finally {
    fetching -= 1;
    if (fetching === 0) pending = pending.filter(({ taken }) => taken === null);
  }
}

/** The same for counts, in which an update must not be twice. */
export async function countsWithPending(
  fetch: () => Promise<Folder[]>,
  recount: (folders: Folder[], step: Step) => Folder[],
): Promise<Folder[]> {
  await request;
  let folders = await fetch();
  for (const one of pending) if (one.taken === null) folders = recount(folders, one.step);
  return folders;
}
