/** No frames are drawn of a page that nobody sees: then it is done after so many milliseconds. */
const LONGEST = 200;

/** Does it once the next frame is on the screen: what nobody waits for must not hold up what somebody does. */
export function afterPaint(run: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    run();
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, LONGEST);
}
