/** A message's HTML in a frame of its own: see letter.js. */
import { attempt, element } from "./page.js";

/** @import { Message } from "../../contract/messages.ts" */

/** Messages whose remote images their reader wants to see, until the page is left. */
const withImages = /** @type {Set<string>} */ (new Set());

/** @param {string} id */
export const addressOf = (id) => `/messages/${id}${withImages.has(id) ? "?images=proxied" : ""}`;

/**
 * The frame, and a button in front of it where there are images that were not loaded.
 * @param {Message} message
 * @param {() => Promise<void>} drawAgain
 */
export function htmlBody(message, drawAgain) {
  const frame = element("iframe", { className: "letter", title: "Message", src: "/letter" });
  const html = withInlineImages(message);
  addEventListener("message", async function answer({ source, data, origin }) {
    if (!frame.isConnected) return removeEventListener("message", answer);
    if (source !== frame.contentWindow || data !== "ready" || origin !== location.origin) return;
    removeEventListener("message", answer);
    frame.contentWindow?.postMessage(await html, location.origin);
  });
  if (message.remote_images === 0 || withImages.has(message.id)) return [frame];
  const show = async () => {
    withImages.add(message.id);
    await drawAgain();
  };
  return [
    element("p", { className: "note" }, "Images that are elsewhere are not loaded. "),
    element("button", { type: "button", onclick: attempt(show) }, "Show images"),
    frame,
  ];
}

/** In the frame no cookie goes along, and its addresses have no origin to be relative to. @param {Message} message */
async function withInlineImages({ id, body_html, attachments }) {
  const html = (body_html ?? "").replaceAll("/v1/proxy/image?", `${location.origin}/v1/proxy/image?`);
  const images = new Map();
  for (const [, cid = ""] of html.matchAll(/["(]cid:([^"()\s]*)/g)) {
    const found = attachments.find(({ content_id }) => content_id === decode(cid));
    if (found && /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(found.content_type)) images.set(cid, found);
  }
  for (const [cid, { n, content_type }] of images) images.set(cid, await bytesOf(id, n, content_type));
  return html.replaceAll(/(["(])cid:([^"()\s]*)/g, (_, before, cid) => `${before}${images.get(cid) ?? "data:,"}`);
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An attachment as an address that holds it. @param {string} id @param {number} n @param {string} type */
async function bytesOf(id, n, type) {
  const answer = await fetch(`/v1/messages/${id}/attachments/${n}`);
  if (!answer.ok) return "data:,";
  const reader = new FileReader();
  const read = new Promise((resolve) => reader.addEventListener("loadend", () => resolve(reader.result ?? "data:,")));
  reader.readAsDataURL(new Blob([await answer.arrayBuffer()], { type }));
  return read;
}
