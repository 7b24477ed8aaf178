/**
 * A draft is written in one tab at a time: the others would save over it, or make another of it. Which one it is says a
 * Web Lock; another tab asks for it over a BroadcastChannel, and gets it once this one has put away what it has.
 */

interface Held {
  release(): void;
  /** Resolves when it is released. */
  over: Promise<unknown>;
}

const held = new Map<string, Held>();
const leaving = new Map<string, Promise<unknown>>();
const channel = new BroadcastChannel("mailmesh.drafts");
/** A tab that is sending it does not give it away. */
const LONGEST_WAIT = 5000;
/** A page that is just being left still has what it held. */
const SHORTEST_WAIT = 400;

/** What is asked for by another tab, or not to be had here. */
export class WrittenElsewhere extends Error {
  override name = "WrittenElsewhere";
}

/** Resolves with whether it may be written here. Nobody is asked for it. */
export async function holdDraft(id: string): Promise<boolean> {
  await leaving.get(id);
  return held.has(id) || request(id, SHORTEST_WAIT);
}

/** Has the tab that writes it leave it to this one. */
export function takeDraft(id: string): Promise<boolean> {
  const taken = request(id, LONGEST_WAIT);
  channel.postMessage(id);
  return taken;
}

export function releaseDraft(id: string): void {
  const own = held.get(id);
  if (own === undefined) return;
  held.delete(id);
  leaving.set(id, own.over);
  own.release();
}

/** Another tab would like to write a draft that is written here. */
export const onWanted = (hear: (id: string) => void): void =>
  channel.addEventListener("message", ({ data }: MessageEvent<string>) => held.has(data) && hear(data));

function request(id: string, wait: number): Promise<boolean> {
  const options = { signal: AbortSignal.timeout(wait) };
  return new Promise((resolve) => {
    const hold = () =>
      new Promise<void>((release) => {
        held.set(id, { release, over });
        resolve(true);
      });
    const over: Promise<unknown> = navigator.locks.request(`mailmesh.draft.${id}`, options, hold);
    over.then(
      () => leaving.delete(id),
      () => resolve(false),
    );
  });
}
