/** `/v1/identities`: the addresses that the owner writes as, each with its name, answers' address and signature. */
import { createRoute, z } from "@hono/zod-openapi";
import type { AddressInput } from "../../contract/addresses.ts";
import { Failure } from "../../contract/failure.ts";
import { CreateIdentity, Identity, IdentityList, UpdateIdentity } from "../../contract/identities.ts";
import { IdentityId } from "../../contract/ids.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import { canonicalAddress, ownAddress } from "../outbound/own-address.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const identities = resource();

const id = z.object({ id: IdentityId });

identities.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The identities, the account's own first",
    responses: { 200: json(IdentityList, "All of them"), ...problems },
  }),
  async (c) => c.json({ identities: await c.var.session.listIdentities() }, 200),
);

identities.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make an identity for an address of the account",
    request: { body: body(CreateIdentity) },
    responses: { 201: json(Identity, "The identity"), ...problems },
  }),
  async (c) => {
    const wanted = c.req.valid("json");
    const email = await ownAddress(c.env, c.var.user_id, wanted.email);
    if (email === null) {
      throw new Failure("invalid_sender", `${wanted.email} is not an address of this account.`, [
        { at: "body.email", message: "not an address of this account" },
      ]);
    }
    return c.json(await c.var.session.createIdentity({ ...withAddresses(wanted), email }), 201);
  },
);

identities.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Change an identity; its address stays",
    request: { params: id, body: body(UpdateIdentity) },
    responses: { 200: json(Identity, "The identity as it is now"), ...problems },
  }),
  async (c) => {
    const update = withAddresses(c.req.valid("json"));
    return c.json(await c.var.session.updateIdentity(c.req.valid("param").id, update), 200);
  },
);

identities.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Delete an identity; the account's own stays",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteIdentity(c.req.valid("param").id);
    return c.body(null, 204);
  },
);

/** The addresses in their canonical spelling. What is none here would make every message of the identity fail. */
function withAddresses<Wanted extends UpdateIdentity>(wanted: Wanted): Wanted {
  const issues: ProblemIssue[] = [];
  const canonical = (field: "reply_to" | "bcc", addresses: AddressInput[]) =>
    addresses.flatMap(({ name, email }, n) => {
      const address = canonicalAddress(email);
      if (address !== null) return [{ name, email: address }];
      issues.push({ at: `body.${field}.${n}.email`, message: `${JSON.stringify(email)} is not a valid address` });
      return [];
    });
  const { reply_to, bcc } = wanted;
  const changed = {
    ...wanted,
    ...(reply_to && { reply_to: canonical("reply_to", reply_to) }),
    ...(bcc && { bcc: canonical("bcc", bcc) }),
  };
  if (issues.length > 0) throw new Failure("bad_request", "An address is not valid.", issues);
  return changed;
}
