/** What was done, as long as it can be taken back. */
import { notify } from "../design/notices.tsx";
import { i18n } from "../language/i18n.ts";

/** The last first. */
const taken: { undo: () => void; until: number }[] = [];
const MOST = 50;

/** `until` is the moment from which it cannot be taken back any more. Returns what forgets it. */
export function remember(undo: () => void, until = Number.POSITIVE_INFINITY): () => void {
  const one = { undo, until };
  taken.push(one);
  if (taken.length > MOST) taken.shift();
  return () => {
    const at = taken.indexOf(one);
    if (at !== -1) taken.splice(at, 1);
  };
}

/**
 * Says what was done, and remembers how it is taken back; either may be left out. By its key as by its button it is taken
 * back once, and what says that it is done goes with it.
 */
export function tellDone(said: string | undefined, takeBack: (() => void) | null): void {
  let close = () => {};
  let forget = () => {};
  const undo = () => {
    forget();
    close();
    takeBack?.();
  };
  if (takeBack) forget = remember(undo);
  if (said !== undefined) close = notify(said, takeBack ? { action: { label: i18n.t("app.undo"), run: undo } } : {});
}

/** Whether there was something. */
export function undoLast(): boolean {
  for (let one = taken.pop(); one !== undefined; one = taken.pop()) {
    if (one.until < Date.now()) continue;
    one.undo();
    return true;
  }
  return false;
}
