/**
 * A frame for a letter (letter.ts) that was loaded before anything is opened: to load one takes as long as to fetch the
 * message. A browser that cannot move it to where it belongs as it is (Element.moveBefore) loads each when it is needed.
 */

interface Spare {
  frame: HTMLIFrameElement;
  /** It has said that it waits for its letter. */
  isReady: boolean;
}

let spare: Spare | null = null;

/** Makes one when there is nothing else to do, unless there is one. */
export function keepSpare(): void {
  if ("moveBefore" in document.body) requestIdleCallback(() => make());
}

function make(): void {
  if (spare !== null) return;
  const frame = newFrame();
  spare = { frame, isReady: false };
  addEventListener("message", hear);
  frame.hidden = true;
  document.body.append(frame);
}

function hear({ source, data, origin }: MessageEvent<unknown>): void {
  if (spare === null || source !== spare.frame.contentWindow || origin !== location.origin) return;
  if (data === "ready") spare.isReady = true;
}

/** A frame in this place: the spare one, or one that begins to load. */
export function frameIn(place: HTMLElement): Spare {
  const taken = spare;
  spare = null;
  if (taken?.isReady && taken.frame.isConnected && "moveBefore" in place) {
    taken.frame.hidden = false;
    place.moveBefore(taken.frame, null);
    return taken;
  }
  // It may be one that could not be loaded.
  taken?.frame.remove();
  const frame = newFrame();
  place.append(frame);
  return { frame, isReady: false };
}

function newFrame(): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.src = "/letter";
  return frame;
}
