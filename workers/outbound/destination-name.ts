/** Which destination a recipient belongs to: the domain of the address. */
import { domainOf } from "../../mail/address/address.ts";

/** In A-label form. Addresses without one, which no transport takes, are a destination of their own. */
export const destinationOf = (address: string): string => domainOf(address) ?? "invalid";

export const byDestination = <T extends { address: string }>(recipients: T[]): Map<string, T[]> =>
  Map.groupBy(recipients, ({ address }) => destinationOf(address));
