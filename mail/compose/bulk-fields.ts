/**
 * The fields in front of each copy of a bulk message. A copy names its own recipient alone, so that nobody learns who
 * else is on the list, and carries the ways off the list (RFC 2369 §3.2, RFC 8058 §3.1). They stand in front of the
 * bytes that are stored once, and whoever signs must sign them with the rest (RFC 8058 §4).
 */
import { parseAddress, splitTag } from "../address/address.ts";
import { formatAddressList } from "./address-field.ts";

export interface BulkCopy {
  recipient: string;
  /** Where a POST unsubscribes, at once and without asking back. */
  url: string;
  /** An address where mail does the same; null where it would be too long to be one. */
  mailto: string | null;
}

export function bulkFields({ recipient, url, mailto }: BulkCopy): string {
  const ways = [`<${url}>`, ...(mailto === null ? [] : [`<mailto:${inUri(mailto)}?subject=unsubscribe>`])];
  const fields: [name: string, value: string][] = [
    ["To", formatAddressList("To", [{ name: "", email: recipient }])],
    // Each way on a line of its own; the first stays beside the name, which careless readers expect.
    ["List-Unsubscribe", ways.join(",\r\n ")],
    ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
    // No standard, but what vacation responders have looked for since sendmail, and RFC 3834 §2 lets them.
    ["Precedence", "bulk"],
  ];
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
}

/** RFC 5321 §4.5.3.1.1 */
const MAX_LOCAL_PART_OCTETS = 64;

/** `news+tag@mesh.test` for `news@mesh.test` or `news+june@mesh.test`; null where that is no address any more. */
export function taggedAddress(email: string, tag: string): string | null {
  const parsed = parseAddress(email);
  if (!parsed.ok || parsed.value.domain === null) return null;
  const [name] = splitTag(parsed.value.local_part);
  const local = name.endsWith('"') ? `${name.slice(0, -1)}+${tag}"` : `${name}+${tag}`;
  const isTooLong = new TextEncoder().encode(local).byteLength > MAX_LOCAL_PART_OCTETS;
  return isTooLong ? null : `${local}@${parsed.value.domain}`;
}

/** RFC 6068 §2: what is not plain in an address is percent-encoded in a mailto URI. */
function inUri(email: string): string {
  const at = email.lastIndexOf("@");
  return `${encodeURIComponent(email.slice(0, at))}@${email.slice(at + 1)}`;
}
