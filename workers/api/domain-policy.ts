/** `/v1/admin/domains/{name}/policy`: what a domain takes from strangers. */
import { createRoute, z } from "@hono/zod-openapi";
import { DomainPolicy, SetDomainPolicy } from "../../contract/domain-policy.ts";
import { requireDomainName } from "../accounts/accounts.ts";
import { body, json, problems, resource } from "./api-env.ts";

export const domainPolicy = resource();

const params = z.object({ name: z.string() });

domainPolicy.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "What a domain takes from strangers",
    request: { params },
    responses: { 200: json(DomainPolicy, "The policy"), ...problems },
  }),
  async (c) => {
    const domain = requireDomainName(c.req.valid("param").name, "param.name");
    return c.json(await c.env.DOMAIN.getByName(domain).policy(), 200);
  },
);

domainPolicy.openapi(
  createRoute({
    method: "patch",
    path: "/",
    summary: "Change what a domain takes from strangers; what is left out stays as it is",
    request: { params, body: body(SetDomainPolicy) },
    responses: { 200: json(DomainPolicy, "The policy"), ...problems },
  }),
  async (c) => {
    const domain = requireDomainName(c.req.valid("param").name, "param.name");
    return c.json(await c.env.DOMAIN.getByName(domain).setPolicy(c.req.valid("json")), 200);
  },
);
