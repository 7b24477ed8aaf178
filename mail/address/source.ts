/** Where a connection comes from, as limits count it: what one customer of an access network has is one source. */

/** A v4 address as it is; of v6 the /64, which is the least that one customer has (RFC 6177 §2). */
export const sourceOf = (address: string): string => prefixOf(address, 4, 4) ?? plain(address);

/** The network around it, which one organisation is likely to have for itself: a /24, or a /48. */
export const networkOf = (address: string): string => prefixOf(address, 3, 3) ?? plain(address);

/** Null for what is no address: it stands for itself. */
function prefixOf(address: string, octets: number, groups: number): string | null {
  const text = plain(address);
  // RFC 4291 §2.5.5.2: a v4 address in v6 clothes is that v4 address.
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)?.[1];
  if (v4 !== undefined) return octets === 4 ? v4 : `${v4.split(".").slice(0, octets).join(".")}.0/${octets * 8}`;
  return text.includes(":") ? `${firstGroups(text).slice(0, groups).join(":")}::/${groups * 16}` : null;
}

/** A link-local address brings its interface, `fe80::1%eth0`. */
const plain = (address: string): string => address.trim().toLowerCase().replace(/%.*$/, "");

/** The first four. The same network can be written in many ways (RFC 4291 §2.2), and a guesser would use them all. */
function firstGroups(v6: string): string[] {
  const [head = "", tail] = v6.split("::");
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after].slice(0, 4);
}

const groupsOf = (text: string): string[] =>
  text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
