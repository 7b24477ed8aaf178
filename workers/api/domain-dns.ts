/** `/v1/admin/domains/{name}/dns`, `…/dns/check` and `…/dkim/rotate`: the records that a domain needs, and its signing keys. */
import { createRoute, z } from "@hono/zod-openapi";
import { DkimKeyList, DnsCheck, DnsRecords, RotateKeys } from "../../contract/dns.ts";
import { requireDomainName } from "../accounts/accounts.ts";
import { checkDns } from "../accounts/check-dns.ts";
import { dnsRecords, rotateKeys } from "../accounts/domain-dns.ts";
import { body, json, problems, resource } from "./api-env.ts";

export const domainDns = resource();

const name = z.object({ name: z.string() });

domainDns.openapi(
  createRoute({
    method: "get",
    path: "/dns",
    summary: "Every DNS record to set for the domain",
    request: { params: name },
    responses: { 200: json(DnsRecords, "The records, and the MTA-STS policy that fits them"), ...problems },
  }),
  async (c) => c.json(await dnsRecords(c.env, requireDomainName(c.req.valid("param").name, "param.name")), 200),
);

domainDns.openapi(
  createRoute({
    method: "get",
    path: "/dns/check",
    summary: "What DNS says of the domain, beside what it should say",
    request: { params: name },
    responses: { 200: json(DnsCheck, "What is right, what is wrong, and what to do about it"), ...problems },
  }),
  async (c) => c.json(await checkDns(c.env, requireDomainName(c.req.valid("param").name, "param.name")), 200),
);

domainDns.openapi(
  createRoute({
    method: "post",
    path: "/dkim/rotate",
    summary: "Make new signing keys: their records are to be set now, and they sign `after_hours` later",
    request: { params: name, body: body(RotateKeys) },
    responses: { 200: json(DkimKeyList, "All keys whose records are to be set, and those records"), ...problems },
  }),
  async (c) => {
    const domain = requireDomainName(c.req.valid("param").name, "param.name");
    return c.json(await rotateKeys(c.env, domain, c.req.valid("json").after_hours), 200);
  },
);
