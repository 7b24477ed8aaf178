/** Where a request comes from, as the limits on logins count it: one customer of an access network is one origin. */

/** A v4 address as it is; of v6 the /64, which is the least that one customer has (RFC 6177 §2). */
export function originOfAddress(address: string): string {
  const text = address.trim().toLowerCase();
  // RFC 4291 §2.5.5.2: a v4 address in v6 clothes is that v4 address.
  const [, v4] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text) ?? [];
  if (v4 !== undefined) return v4;
  return text.includes(":") ? `${network(text).join(":")}::/64` : text;
}

/** The first four groups. The same network can be written in many ways (RFC 4291 §2.2), and a guesser would use them all. */
function network(v6: string): string[] {
  const [head = "", tail] = v6.split("::");
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after].slice(0, 4);
}

const groupsOf = (text: string): string[] =>
  text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
