/** Which recipients are in a domain of this mesh. Each domain is asked once. */
import { parseAddress } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";

export async function sortRecipients(env: Env, rcptTo: string[]): Promise<{ here: string[]; elsewhere: string[] }> {
  const names = [...new Set(rcptTo.map(domainOf))].filter((name) => name !== null);
  const described = await Promise.all(names.map((name) => env.DOMAIN.getByName(name).describe()));
  const ours = new Set(names.filter((_, n) => described[n] !== null));
  const isOurs = (address: string): boolean => ours.has(domainOf(address) ?? "");
  return { here: rcptTo.filter(isOurs), elsewhere: rcptTo.filter((address) => !isOurs(address)) };
}

/** The domain's one name inside the mesh, or null where there is none. */
export function domainOf(address: string): string | null {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.value.domain : null;
}
