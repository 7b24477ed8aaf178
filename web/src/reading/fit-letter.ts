/** A letter in its frame: as high as it is, and as wide as there is room, if need be smaller. */

/** Smaller than this nobody reads it; then it is scrolled. */
const SMALLEST = 0.45;

/** Returns how high it is on the screen. */
export function fitLetter(frame: HTMLIFrameElement, letter: HTMLElement): number {
  const { style } = frame;
  style.transform = "";
  style.width = "100%";
  // In a frame without height a letter is as high as what is in it, and not as its frame was before.
  style.height = "0";
  const room = frame.clientWidth;
  const wide = letter.scrollWidth;
  const scale = wide > room + 1 ? Math.max(SMALLEST, room / wide) : 1;
  if (scale < 1) {
    style.width = `${Math.ceil(room / scale)}px`;
    style.transform = `scale(${scale})`;
    style.transformOrigin = "0 0";
  }
  const height = Math.ceil(Math.max(letter.scrollHeight, letter.ownerDocument.body.scrollHeight));
  style.height = `${100 / scale}%`;
  return Math.ceil(height * scale);
}
