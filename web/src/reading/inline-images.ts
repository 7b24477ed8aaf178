/** The images that a message brings along, put into its HTML: nothing in its frame may ask the API. */
import type { Attachment } from "../../../contract/messages.ts";
import { ask } from "../api/call.ts";

const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

/** In the frame a proxied image's address has no page to be relative to. */
export async function withInlineImages(id: string, safe: string, attachments: readonly Attachment[]): Promise<string> {
  const html = safe.replaceAll("/v1/proxy/image?", `${location.origin}/v1/proxy/image?`);
  const addresses = new Map<string, Promise<string>>();
  for (const [, cid = ""] of html.matchAll(/["(]cid:([^"()\s]*)/g)) {
    const found = attachments.find(({ content_id }) => content_id === decode(cid));
    if (found && SHOWN.test(found.content_type) && !addresses.has(cid)) addresses.set(cid, bytesOf(id, found));
  }
  const images = new Map(await Promise.all(Array.from(addresses, async ([cid, image]) => [cid, await image] as const)));
  return html.replaceAll(
    /(["(])cid:([^"()\s]*)/g,
    (_, before: string, cid: string) => before + (images.get(cid) ?? "data:,"),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An attachment as an address that holds it, or an empty image where it cannot be fetched. */
async function bytesOf(id: string, { n, content_type }: Attachment): Promise<string> {
  try {
    const answer = await ask("GET", `/messages/${id}/attachments/${n}`);
    const blob = new Blob([await answer.arrayBuffer()], { type: content_type });
    return await asAddress(blob);
  } catch {
    // The letter is shown all the same, with a gap where the image would be.
    return "data:,";
  }
}

function asAddress(blob: Blob): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/** Whether it is one of the images within the HTML, and so need not be listed beside it. */
export const isWithin = ({ content_id, content_type, disposition }: Attachment, html: string | null): boolean =>
  html !== null &&
  content_id !== null &&
  disposition === "inline" &&
  SHOWN.test(content_type) &&
  citesImage(html, content_id);

const citesImage = (html: string, content_id: string): boolean =>
  Array.from(html.matchAll(/["(]cid:([^"()\s]*)/g), ([, cid = ""]) => decode(cid)).includes(content_id);
