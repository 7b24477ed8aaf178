/**
 * The page around a message's HTML: it has nothing of its reader's in it, and a content security policy of its own
 * (public/_headers) that the message is under as well: inline styles, images of this service, and nothing else.
 *
 * The message itself is in a sandbox without scripts and forms. It keeps this page's origin, so that this page can
 * measure how high it is; with no script to run there is nothing that could use the origin. Its links open elsewhere.
 */
addEventListener("message", ({ source, data, origin }: MessageEvent<unknown>) => {
  if (source !== parent || origin !== location.origin || typeof data !== "string") return;
  const frame = document.createElement("iframe");
  frame.title = "Message";
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  // As a document, and not as `srcdoc`, which browsers lay out without regard to its doctype.
  frame.src = URL.createObjectURL(new Blob([data], { type: "text/html;charset=utf-8" }));
  frame.addEventListener(
    "load",
    () => {
      URL.revokeObjectURL(frame.src);
      const letter = frame.contentDocument?.documentElement;
      if (letter) new ResizeObserver(() => tellHeight(letter)).observe(letter);
    },
    { once: true },
  );
  document.body.replaceChildren(frame);
});
parent.postMessage("ready", location.origin);

/** A letter that is as high as its frame would never shrink, so what it would like to be is asked. */
function tellHeight(letter: HTMLElement): void {
  const body = letter.ownerDocument.body;
  const height = Math.ceil(Math.max(body.scrollHeight, body.getBoundingClientRect().bottom));
  parent.postMessage({ height }, location.origin);
}
