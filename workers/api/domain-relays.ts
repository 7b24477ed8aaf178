/** `/v1/admin/domains/{name}/relay`: which way a domain's mail leaves. */
import { createRoute, z } from "@hono/zod-openapi";
import { DomainRelay, SetRelay } from "../../contract/admin.ts";
import { readRelay, setRelay } from "../accounts/relays.ts";
import { body, json, problems, resource } from "./api-env.ts";

export const domainRelays = resource();

const params = z.object({ name: z.string() });

domainRelays.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The relay that a domain has for itself, without its password",
    request: { params },
    responses: { 200: json(DomainRelay, "The relay, or null where the deployment's is taken"), ...problems },
  }),
  async (c) => c.json(await readRelay(c.env, c.req.valid("param").name), 200),
);

domainRelays.openapi(
  createRoute({
    method: "put",
    path: "/",
    summary: "Set the relay of a domain; `send_email:` is Cloudflare's binding, null the deployment's relay",
    request: { params, body: body(SetRelay) },
    responses: { 200: json(DomainRelay, "The relay, without its password"), ...problems },
  }),
  async (c) => c.json(await setRelay(c.env, c.req.valid("param").name, c.req.valid("json").url), 200),
);
