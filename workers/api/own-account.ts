/** `/v1/account`: whose mailbox it is, for a client that has a cookie and cannot read it. */
import { createRoute } from "@hono/zod-openapi";
import { OwnAccount } from "../../contract/account.ts";
import { UserId } from "../../contract/ids.ts";
import { domainOf } from "../../mail/address/address.ts";
import type { Env } from "../env.ts";
import { ownAddress } from "../outbound/own-address.ts";
import { json, problems, resource } from "./api-env.ts";

export const ownAccount = resource();

ownAccount.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Whose mailbox it is",
    responses: { 200: json(OwnAccount, "The account"), ...problems },
  }),
  async (c) => {
    const user_id = UserId.parse(c.var.user_id);
    const { email, name, created_at, written_as } = await c.var.session.account();
    const addresses = await addressesOf(c.env, user_id, email, written_as);
    return c.json({ user_id, email, name, addresses, created_at }, 200);
  },
);

async function addressesOf(env: Env, userId: string, email: string, writtenAs: string[]): Promise<string[]> {
  const domain = domainOf(email) ?? "";
  const aliases = await env.DOMAIN.getByName(domain).aliasesOf(userId);
  const known = [email, ...aliases.map((name) => `${name}@${domain}`)];
  // Aliases of other domains lead here too, and no domain lists another's. An identity's may have gone since.
  const others = writtenAs.filter((address) => !known.includes(address));
  const checked = await Promise.all(others.map((address) => ownAddress(env, userId, address)));
  return [...new Set([...known, ...checked.filter((address) => address !== null)])];
}
