/** What can be taken back, the last first. */
const taken: (() => void)[] = [];
const MOST = 50;

export function remember(undo: () => void): void {
  taken.push(undo);
  if (taken.length > MOST) taken.shift();
}

/** Whether there was something. */
export function undoLast(): boolean {
  const undo = taken.pop();
  undo?.();
  return undo !== undefined;
}
