/**
 * What is written, in this browser, until the server has it: it is there again after a closed tab, a lost network or an
 * ended session. What the server has is not kept here.
 */
import { createStore, del, delMany, entries, get, keys, set } from "idb-keyval";
import type { MessageId, UploadId } from "../../../contract/ids.ts";
import { tried } from "../keeping/tried.ts";
import type { Letter } from "./letter.ts";

/** The draft at the server, and which version of it was seen there last. */
export interface Draft {
  id: MessageId;
  revision: string | null;
}

/** A send whose answer may have been lost: the same request with the same key is carried out once. */
export interface Attempt {
  path: string;
  body: string;
  revision: string | null;
  key: string;
}

export interface Kept {
  key: string;
  /** Whose it is, by the id of the user: others may sign in here. */
  account: string;
  letter: Letter;
  draft: Draft | null;
  attempt: Attempt | null;
  /** Saved as a draft, without an answer. */
  tried?: Letter[];
}

/** A file on its way up. */
export interface KeptFile {
  file: File;
  upload_id: UploadId | null;
}

const letters = createStore("mailmesh-composing", "letters");
const files = createStore("mailmesh-composing-files", "files");

/** Resolves with whether it is kept. */
export const keep = async (kept: Kept): Promise<boolean> =>
  (await tried(() => set(kept.key, kept, letters).then(() => true))) ?? false;

export async function forget(key: string): Promise<void> {
  const own = ((await tried(() => keys<string>(files))) ?? []).filter((name) => name.startsWith(`${key} `));
  await Promise.all([tried(() => del(key, letters)), own.length > 0 ? tried(() => delMany(own, files)) : undefined]);
}

export const keepFile = async (key: string, attached: string, kept: KeptFile): Promise<void> =>
  tried(() => set(`${key} ${attached}`, kept, files));

export const keptFile = (key: string, attached: string): Promise<KeptFile | undefined> =>
  tried(() => get(`${key} ${attached}`, files));

export const forgetFile = async (key: string, attached: string): Promise<void> =>
  tried(() => del(`${key} ${attached}`, files));

/** All that this person's earlier pages left. */
export async function keptOf(account: string): Promise<Kept[]> {
  const all = (await tried(() => entries<string, Kept>(letters))) ?? [];
  return all.map(([, kept]) => kept).filter((kept) => kept.account === account);
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
