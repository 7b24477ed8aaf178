/**
 * What is written, in this browser, until the server has it: it is there again after a closed tab, a lost network or an
 * ended session. What the server has is not kept here, and signing out takes all of it away.
 */
import { createStore, del, entries, set } from "idb-keyval";
import type { MessageId } from "../../../contract/ids.ts";
import type { Letter } from "./letter.ts";

/** The draft at the server, and which version of it was seen there last. */
export interface Draft {
  id: MessageId;
  revision: string | null;
}

/** A send whose answer may have been lost: the same request with the same key is sent once. */
export interface Attempt {
  request: string;
  key: string;
}

export interface Kept {
  key: string;
  /** Whose it is: others may sign in here. */
  address: string;
  letter: Letter;
  draft: Draft | null;
  attempt: Attempt | null;
}

const store = createStore("mailmesh-composing", "letters");

export const keep = (kept: Kept): Promise<void> => set(kept.key, kept, store);

export const forget = (key: string): Promise<void> => del(key, store);

/** All that this person's earlier pages left. */
export async function keptOf(address: string): Promise<Kept[]> {
  const all = await entries<string, Kept>(store);
  return all.map(([, kept]) => kept).filter((kept) => kept.address === address);
}

/** Held for as long as a letter is written here, so that no other tab takes it for one that was left behind. */
export function hold(key: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  void navigator.locks.request(lockOf(key), () => held);
  return release;
}

export async function isHeld(key: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockOf(key));
}

const lockOf = (key: string): string => `mailmesh.letter.${key}`;
