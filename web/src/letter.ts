/**
 * The page around a message's HTML: it has nothing of its reader's in it, and a content security policy of its own
 * (public/_headers) that the message is under as well: inline styles, images of this service, and nothing else.
 *
 * The message itself is in a sandbox without scripts and forms. It keeps this page's origin, so that this page can
 * measure how high it is and hear the keys that are pressed in it; with no script to run there is nothing that could use
 * the origin. Its links open elsewhere. Why: docs/decisions/0037-the-frame-of-a-letter.md.
 */

import { fitLetter } from "./reading/fit-letter.ts";
import { foldQuotes } from "./reading/fold-quotes.ts";
import { isLetter, type Letter, type Told } from "./reading/letter-messages.ts";

addEventListener("message", ({ source, data, origin }: MessageEvent<unknown>) => {
  if (source === parent && origin === location.origin && isLetter(data)) show(data);
});
tell("ready");

function show({ html, title, quoted }: Letter): void {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  // As a document, and not as `srcdoc`, which browsers lay out without regard to its doctype.
  const page = new Blob([withFont(foldQuotes(html, quoted))], { type: "text/html;charset=utf-8" });
  frame.src = URL.createObjectURL(page);
  frame.addEventListener("load", () => listen(frame), { once: true });
  document.body.replaceChildren(frame);
}

/** What asks for no font gets the page's. Behind the doctype, by which it is laid out. */
const withFont = (html: string): string =>
  html.replace(/^\s*(?:<!doctype[^>]*>)?/i, "$&<style>:where(html) { font-family: system-ui, sans-serif }</style>");

function listen(frame: HTMLIFrameElement): void {
  URL.revokeObjectURL(frame.src);
  const letter = frame.contentDocument?.documentElement;
  if (!letter) return;
  const { body } = letter.ownerDocument;
  // A letter that says nothing of it is written in the direction that it begins with.
  if (letter.dir === "" && body.dir === "") body.dir = "auto";
  const measure = () => tell({ height: fitLetter(frame, letter) });
  // In a frame of the browser's own time: what is measured is changed by it.
  const soon = () => requestAnimationFrame(measure);
  new ResizeObserver(soon).observe(letter);
  letter.addEventListener("toggle", soon, true);
  letter.addEventListener("load", soon, true);
  letter.addEventListener("keydown", tellKey);
  letter.addEventListener("click", tellAddress);
  measure();
}

/** Who clicked into a letter still has the keys of the page. What scrolls and selects stays with the letter. */
function tellKey({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): void {
  if (/^(?:Tab|Page|Home|End|Arrow)/.test(key) || ((ctrlKey || metaKey) && /^[acx]$/i.test(key))) return;
  tell({ pressed: { key, code, ctrlKey, metaKey, shiftKey, altKey } });
}

/** Who is to be written to is written to here, and not in another program. */
function tellAddress(event: MouseEvent): void {
  const link = event.composedPath().find((place) => "href" in place && String(place.href).startsWith("mailto:"));
  if (link === undefined || !("href" in link)) return;
  event.preventDefault();
  tell({ mailto: String(link.href) });
}

function tell(told: Told): void {
  parent.postMessage(told, location.origin);
}
