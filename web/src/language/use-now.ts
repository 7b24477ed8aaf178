import { useSyncExternalStore } from "react";

/** The time, to the minute: what says "3 minutes ago" says so as long as it is true. */
let now = new Date();
const told = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

const tick = () => {
  now = new Date();
  for (const tell of told) tell();
};

function subscribe(tell: () => void): () => void {
  told.add(tell);
  if (timer === undefined) {
    now = new Date();
    timer = setInterval(tick, 60_000);
  }
  return () => {
    told.delete(tell);
    if (told.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = (): Date => useSyncExternalStore(subscribe, () => now);
