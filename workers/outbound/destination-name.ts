/** Which destination a recipient belongs to: the domain of the address. */
import { parseAddress } from "../../mail/address/address.ts";

/** In A-label form. Addresses without one, which no transport takes, are a destination of their own. */
export function destinationOf(address: string): string {
  const parsed = parseAddress(address);
  return (parsed.ok ? parsed.value.domain : null) ?? "invalid";
}

export const byDestination = <T extends { address: string }>(recipients: T[]): Map<string, T[]> =>
  Map.groupBy(recipients, ({ address }) => destinationOf(address));
