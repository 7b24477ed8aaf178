/**
 * Which addresses a Worker asks on a stranger's behalf: those of the public web alone. A message names an image or a
 * page to unsubscribe at; what it must not name is a machine that only this one can reach.
 *
 * The URL parser has already brought every spelling of an IP address (decimal, hex, octal, short, full-width digits)
 * into one form. A name that resolves to a private address cannot be seen here: see public-fetch.ts.
 */
import ipaddr from "ipaddr.js";
import { fail, ok, type Result } from "../../mail/result.ts";

export type UrlRefusal =
  | { reason: "url_malformed" }
  | { reason: "url_too_long"; limit: number }
  | { reason: "scheme_refused"; scheme: string }
  | { reason: "port_refused"; port: string }
  | { reason: "credentials_refused" }
  | { reason: "host_refused"; host: string };

/** As long as what servers take in a request line. Images of newsletters carry long tokens, but not such. */
export const MAX_URL_CHARACTERS = 8192;

/**
 * Names that mean something only inside a network: RFC 6761 §6.3, RFC 6762 §3, RFC 8375 §4, ICANN's `internal`, what
 * RFC 6762 §G lists as used privately, and those of RFC 7686 §2 and RFC 9476 §2, which are not in the DNS at all.
 */
const PRIVATE_SUFFIXES = new Set(
  "localhost local localdomain internal intranet private corp home lan arpa onion alt".split(" "),
);

/** A public address by its range, behind which a cloud answers its own machines with their secrets (Azure's WireServer). */
const METADATA_ADDRESSES = new Set(["168.63.129.16"]);

/** Global unicast (RFC 4291 §2.4): outside it are addresses that embed an IPv4 one, and those nobody was given. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** The address as the URL parser understands it, without its fragment, or why it is not asked. */
export function parsePublicUrl(text: string, base?: URL): Result<URL, UrlRefusal> {
  if (text.length > MAX_URL_CHARACTERS) return fail({ reason: "url_too_long", limit: MAX_URL_CHARACTERS });
  const url = URL.parse(text, base);
  if (url === null) return fail({ reason: "url_malformed" });
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return fail({ reason: "scheme_refused", scheme: url.protocol });
  }
  // The scheme's own port is left out by the parser. Behind others are databases and administrators' pages.
  const port = url.port === "" || url.port === "80" || url.port === "443";
  if (!port) return fail({ reason: "port_refused", port: url.port });
  if (url.username !== "" || url.password !== "") return fail({ reason: "credentials_refused" });
  if (!isPublicHost(url.hostname)) return fail({ reason: "host_refused", host: url.hostname });
  url.hash = "";
  return ok(url);
}

/** `hostname` as a URL has it. */
function isPublicHost(hostname: string): boolean {
  const name = hostname.replace(/\.+$/, "");
  if (name.startsWith("[")) return isPublicAddress(name.slice(1, -1));
  if (ipaddr.IPv4.isValid(name)) return isPublicAddress(name);
  const labels = name.split(".");
  // A name of one label is one of a search list or of this machine.
  return labels.length > 1 && !labels.includes("") && !PRIVATE_SUFFIXES.has(labels.at(-1) ?? "");
}

function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  if (address instanceof ipaddr.IPv6) return address.match(GLOBAL_UNICAST);
  return !METADATA_ADDRESSES.has(address.toString());
}
