/**
 * The way back: HTML that was made safe to read, and that its reader writes on in, names its images as the message did.
 * What goes out must not hold marks that only this mesh understands, nor addresses of its proxy.
 */
import { REMOTE_MARK } from "./addresses.ts";

const STYLE_ELEMENT = "<style[^>]*>[\\s\\S]*?</style>";
const PROXIED = "(?:https?://[^\\s\"'()<>/]*)?/v1/proxy/image\\?[^\\s\"'()<>]*";
const EITHER = new RegExp(`${STYLE_ELEMENT}|${PROXIED}`, "gi");

export function restoreImages(html: string): string {
  // Nothing in a marked address ends what it stands in (addresses.ts), and so it can stand there without its mark.
  const unmarked = html.replaceAll(REMOTE_MARK, "");
  if (!unmarked.includes("/v1/proxy/image?")) return unmarked;
  return unmarked.replaceAll(EITHER, (found) =>
    /^</.test(found)
      ? found.replaceAll(new RegExp(PROXIED, "gi"), (address) => original(address))
      : original(found.replaceAll("&amp;", "&")).replaceAll("&", "&amp;"),
  );
}

/** An address of the proxy that names none is left as it is. */
const original = (address: string): string => {
  const url = URL.parse(address, "https://mesh.invalid")?.searchParams.get("url");
  return url && /^https?:\/\/[^\s"'()<>\\]+$/i.test(url) ? url : address;
};
