/**
 * Names as the command prints them. People read U-labels; DNS records, logs and other servers have the A-labels (RFC
 * 5890 §2.3.2.1), so both forms are given where a name stands for itself, and U-labels alone where a heading has both.
 */
import { displayAddress, formatAddress, parseAddress, toUnicodeDomain } from "../../mail/address/address.ts";

export function shownDomain({ name, display_name }: { name: string; display_name: string }): string {
  return inBothForms(display_name, name);
}

/** `bücher.example (xn--bcher-kva.example)` */
export const shownName = (name: string): string => inBothForms(toUnicodeDomain(name), name);

/** `kurt@bücher.example (kurt@xn--bcher-kva.example)` */
export function shownAddress(email: string): string {
  const address = parseAddress(email);
  return address.ok ? inBothForms(displayAddress(address.value), formatAddress(address.value)) : email;
}

/** `kurt@bücher.example` */
export function shortAddress(email: string): string {
  const address = parseAddress(email);
  return address.ok ? displayAddress(address.value) : email;
}

const inBothForms = (forPeople: string, onTheWire: string): string =>
  forPeople === onTheWire ? onTheWire : `${forPeople} (${onTheWire})`;
