/** What can be taken back, the last first. */
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

/** Whether there was something. */
export function undoLast(): boolean {
  for (let one = taken.pop(); one !== undefined; one = taken.pop()) {
    if (one.until < Date.now()) continue;
    one.undo();
    return true;
  }
  return false;
}
