/** How far this page has heard of changes, and what changed since what is kept was written. */
import { hashKey } from "@tanstack/react-query";
import type { Changes } from "../../../contract/changes.ts";
import { keys } from "../api/keys.ts";
import { ANY_LIST } from "./kept-head.ts";

export interface KnownChanges {
  /** All that changed up to here is marked in the cache. Null: nothing is known of it yet. */
  state: number | null;
  /** All that changed from here on is in `changed` and `gone`. */
  since: number | null;
  changed: Set<string>;
  gone: Set<string>;
  /** The account has gone back behind what was known: it was made anew, and what is kept is of another. */
  isBehind: boolean;
}

export const nothingKnown = (): KnownChanges => ({
  ...{ state: null, since: null, isBehind: false },
  ...{ changed: new Set<string>(), gone: new Set<string>() },
});

/** What an answer is called where it is kept: as in the cache. */
export const nameOf: (queryKey: readonly unknown[]) => string = hashKey;

/** Begins with a state, of which the cache is right by now or has nothing. */
export function beginAt(known: KnownChanges, state: number): void {
  known.isBehind ||= known.state !== null && state < known.state;
  Object.assign(known, { state, since: state });
  known.changed.clear();
  known.gone.clear();
}

/** A list may have been changed by any message; one that came in is among the first of it. */
export function hear(known: KnownChanges, { state, message, thread, folder, resources }: Changes): void {
  const { changed, gone } = known;
  known.state = Number(state);
  const touched = [...message.created, ...message.changed];
  for (const id of touched) changed.add(nameOf(keys.message(id)));
  for (const id of [...thread.created, ...thread.changed]) changed.add(nameOf(keys.thread(id)));
  for (const id of message.destroyed) gone.add(nameOf(keys.message(id)));
  for (const id of thread.destroyed) gone.add(nameOf(keys.thread(id)));
  for (const path of resources) changed.add(nameOf([path]));
  if (touched.length + message.destroyed.length > 0) changed.add(ANY_LIST);
  if (
    touched.length +
      message.destroyed.length +
      folder.created.length +
      folder.changed.length +
      folder.destroyed.length >
    0
  )
    changed.add(nameOf(keys.folders));
}

/** All of that is in what is kept. Changes that were heard while it was being written are not, and go on being known. */
export function written(known: KnownChanges, state: number): void {
  if (known.state !== state) return;
  Object.assign(known, { since: state, isBehind: false });
  known.changed.clear();
  known.gone.clear();
}
