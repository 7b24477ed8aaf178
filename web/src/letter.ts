/**
 * The page around a message's HTML: it has nothing of its reader's in it, and a content security policy of its own
 * (public/_headers) that the message is under as well: inline styles, images of this service, and nothing else.
 *
 * The message itself is in a sandbox without scripts and forms. It keeps this page's origin, so that this page can
 * measure how high it is and hear the keys that are pressed in it; with no script to run there is nothing that could use
 * the origin. Its links open elsewhere. Why: docs/decisions/0037-the-frame-of-a-letter.md.
 */
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
  frame.src = URL.createObjectURL(new Blob([foldQuotes(html, quoted)], { type: "text/html;charset=utf-8" }));
  frame.addEventListener(
    "load",
    () => {
      URL.revokeObjectURL(frame.src);
      const letter = frame.contentDocument?.documentElement;
      if (!letter) return;
      new ResizeObserver(() => tellHeight(letter)).observe(letter);
      letter.addEventListener("keydown", tellKey);
    },
    { once: true },
  );
  document.body.replaceChildren(frame);
}

/** A letter that is as high as its frame would never shrink, so what it would like to be is asked. */
function tellHeight(letter: HTMLElement): void {
  const body = letter.ownerDocument.body;
  tell({ height: Math.ceil(Math.max(body.scrollHeight, body.getBoundingClientRect().bottom)) });
}

/** Who clicked into a letter still has the keys of the page. What scrolls and selects stays with the letter. */
function tellKey({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): void {
  if (/^(?:Tab|Page|Home|End|Arrow)/.test(key) || ((ctrlKey || metaKey) && /^[acx]$/i.test(key))) return;
  tell({ pressed: { key, code, ctrlKey, metaKey, shiftKey, altKey } });
}

function tell(told: Told): void {
  parent.postMessage(told, location.origin);
}
