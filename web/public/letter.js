/**
 * The page around a message's HTML: it has nothing of its reader's in it, and a content security policy of its own
 * (_headers) that the message is under as well: inline styles, images of this service, and nothing else. The message
 * itself is in a sandbox without scripts, forms or an origin. Its links open elsewhere.
 */
addEventListener("message", ({ source, data }) => {
  if (source !== parent || typeof data !== "string") return;
  const frame = document.createElement("iframe");
  frame.title = "Message";
  frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  // As a document, and not as `srcdoc`, which browsers lay out without regard to its doctype.
  frame.src = URL.createObjectURL(new Blob([data], { type: "text/html;charset=utf-8" }));
  frame.addEventListener("load", () => URL.revokeObjectURL(frame.src), { once: true });
  document.body.replaceChildren(frame);
});
parent.postMessage("ready", location.origin);
