/** Addresses as people type and paste them: `ana@example.org, "Last, First" <ben@example.org>`. */
import type { AddressInput } from "../../../contract/addresses.ts";
import { addressKey } from "../../../mail/address/address-key.ts";

/** Commas, semicolons and line ends part addresses, except within quotes. What is no address is kept as it was typed. */
export function parseAddresses(text: string): AddressInput[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"?|<[^<>]*>|[^",;\r\n])+/g) ?? []).flatMap((part) => {
    const [, name = "", inner] = /^([^<]*)<([^<>]*)>\s*$/.exec(part) ?? [];
    const email = (inner ?? part).trim().replace(/^mailto:/i, "");
    return email === "" ? [] : [{ name: nameIn(name), email }];
  });
}

const nameIn = (text: string): string => text.trim().replaceAll(/^"|"$/g, "").replaceAll(/\\(.)/g, "$1").trim();

/** The whole of it, so that reading it again gives the same. */
export function writeAddress({ name, email }: AddressInput): string {
  if (name === "") return email;
  const written = /[",;<>\\@]/.test(name) ? `"${name.replaceAll(/["\\]/g, "\\$&")}"` : name;
  return `${written} <${email}>`;
}

/** The server takes fewer: this finds what was mistyped, before it is sent. */
export const isAddress = (email: string): boolean => addressKey(email) !== null;

export const isSameAddress = (one: { email: string }, other: { email: string }): boolean =>
  (addressKey(one.email) ?? one.email) === (addressKey(other.email) ?? other.email);

/** Each once, as it stands first. */
export function withoutRepeats<A extends { email: string }>(addresses: readonly A[]): A[] {
  const found = new Set<string>();
  return addresses.filter(({ email }) => {
    const key = addressKey(email) ?? email;
    return !found.has(key) && found.add(key);
  });
}
