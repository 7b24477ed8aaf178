/**
 * A frame for a letter (letter.ts) that was loaded before anything is opened: to load one takes as long as to fetch the
 * message. A browser that cannot move it to where it belongs as it is (Element.moveBefore) loads each when it is needed.
 */

const FRAME_ADDRESS = "/letter";

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
  const frame = document.createElement("iframe");
  const made: Spare = { frame, isReady: false };
  spare = made;
  const hear = ({ source, data, origin }: MessageEvent<unknown>) => {
    if (source !== frame.contentWindow || origin !== location.origin || data !== "ready") return;
    made.isReady = true;
    removeEventListener("message", hear);
  };
  addEventListener("message", hear);
  frame.hidden = true;
  frame.src = FRAME_ADDRESS;
  document.body.append(frame);
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
  const frame = document.createElement("iframe");
  frame.src = FRAME_ADDRESS;
  place.append(frame);
  return { frame, isReady: false };
}
