/** `/v1/aliases`: addresses to give away. They are the Domain's, which knows who has which local part. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  CreateDisposableAlias,
  DisposableAlias,
  DisposableAliasList,
  UpdateDisposableAlias,
} from "../../contract/disposable-aliases.ts";
import { notFound } from "../../contract/failure.ts";
import { UserId } from "../../contract/ids.ts";
import { randomId } from "../../contract/random-id.ts";
import type { DisposableAliasRow } from "../../durable-objects/domain/disposable-aliases.ts";
import { canonicalLocalPart, domainOf, parseAddress } from "../../mail/address/address.ts";
import { type ApiEnv, body, json, noContent, problems, resource } from "./api-env.ts";
import { withRules } from "./with-rules.ts";

export const disposableAliases = resource();

/** 60 bits: nobody finds one by trying, at a door that counts tries. */
const RANDOM_CHARACTERS = 12;

const email = z.object({ email: z.string().min(1).max(320) });

disposableAliases.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The addresses that were made to be given away, oldest first",
    responses: { 200: json(DisposableAliasList, "All of them"), ...problems },
  }),
  async (c) => {
    const { domain, user_id, stub } = await ownDomain(c);
    const rows = await stub.listDisposables(user_id);
    return c.json({ aliases: rows.map((row) => viewOf(row, domain)) }, 200);
  },
);

disposableAliases.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make an address to give away",
    request: { body: body(CreateDisposableAlias) },
    responses: { 201: json(DisposableAlias, "The address"), ...problems },
  }),
  async (c) => {
    const { note, prefix } = c.req.valid("json");
    const { domain, user_id, stub } = await ownDomain(c);
    const local_part = [...(prefix === undefined ? [] : [prefix]), randomId(RANDOM_CHARACTERS)].join("-");
    const row = await stub.createDisposable({ local_part, user_id, note, is_active: true, created_at: Date.now() });
    await tellOthers(c);
    return c.json(viewOf(row, domain), 201);
  },
);

disposableAliases.openapi(
  createRoute({
    method: "patch",
    path: "/{email}",
    summary: "Switch an address off or on, or change its note",
    request: { params: email, body: body(UpdateDisposableAlias) },
    responses: { 200: json(DisposableAlias, "The address as it is now"), ...problems },
  }),
  async (c) => {
    const { domain, user_id, stub } = await ownDomain(c);
    const localPart = requireLocalPart(c.req.valid("param").email, domain);
    const row = await stub.updateDisposable(user_id, localPart, c.req.valid("json"));
    await tellOthers(c);
    return c.json(viewOf(row, domain), 200);
  },
);

disposableAliases.openapi(
  createRoute({
    method: "delete",
    path: "/{email}",
    summary: "Delete an address for good",
    request: { params: email },
    responses: noContent,
  }),
  async (c) => {
    const { domain, user_id, stub } = await ownDomain(c);
    await stub.deleteDisposable(user_id, requireLocalPart(c.req.valid("param").email, domain));
    await tellOthers(c);
    return c.body(null, 204);
  },
);

/** Of the account whose session it is: the Mailbox has looked at the token before it says whose it is. */
async function ownDomain(c: Context<ApiEnv>) {
  const { user_id, email } = await withRules(c.var.session, (rules) => rules.owner());
  const domain = domainOf(email) ?? "";
  return { user_id, domain, stub: c.env.DOMAIN.getByName(domain) };
}

/** The owner's other clients hear of it from the Mailbox, which has the log of changes. */
const tellOthers = (c: Context<ApiEnv>): Promise<void> => withRules(c.var.session, (rules) => rules.aliasesChanged());

function requireLocalPart(text: string, domain: string): string {
  const parsed = parseAddress(text);
  if (!parsed.ok || parsed.value.domain !== domain) throw notFound("alias");
  return canonicalLocalPart(parsed.value.local_part);
}

const viewOf = ({ local_part, user_id, note, is_active, created_at }: DisposableAliasRow, domain: string) => ({
  ...{ user_id: UserId.parse(user_id), email: `${local_part}@${domain}`, note, is_active },
  created_at: new Date(created_at).toISOString(),
});
