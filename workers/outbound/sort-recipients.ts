/** Which recipients are in a domain of this mesh. Each domain is asked once. */
import { domainOf } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";

export async function sortRecipients(env: Env, rcptTo: string[]): Promise<{ here: string[]; elsewhere: string[] }> {
  const names = [...new Set(rcptTo.map(domainOf))].filter((name) => name !== null);
  const exist = await Promise.all(names.map((name) => env.DOMAIN.getByName(name).exists()));
  const ours = new Set(names.filter((_, n) => exist[n]));
  const isOurs = (address: string): boolean => ours.has(domainOf(address) ?? "");
  return { here: rcptTo.filter(isOurs), elsewhere: rcptTo.filter((address) => !isOurs(address)) };
}
