/** `/v1/admin`: domains, accounts, aliases and dead letters, for whoever holds the deployment's admin secret. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  Account,
  Alias,
  AskRebuild,
  AskVerify,
  CreateAccount,
  CreateDomain,
  DeadLetterList,
  Domain,
  DomainDetail,
  DomainList,
  PutAlias,
  RebuildPage,
  SetPassword,
  SetQuota,
  VerifyPage,
} from "../../contract/admin.ts";
import { Sending, SetSending } from "../../contract/sending.ts";
import * as accounts from "../accounts/accounts.ts";
import { dropDeadLetter, listDeadLetters, retryDeadLetter } from "../queues/dead-letters.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { domainDns } from "./domain-dns.ts";
import { domainPolicy } from "./domain-policy.ts";
import { domainRelays } from "./domain-relays.ts";
import { exportRoutes, importRoutes, operatorsArchive } from "./imports.ts";
import { authenticateOperator, openOperatorSession, operatorSession } from "./operator-session.ts";
import { queue, queueHistory } from "./queue.ts";

export const admin = resource();

admin.route("/session", openOperatorSession);
admin.use(authenticateOperator);
admin.route("/session", operatorSession);

const name = z.object({ name: z.string() });
const email = z.object({ email: z.string() });
const id = z.object({ id: z.string() });

admin.openapi(
  createRoute({
    method: "post",
    path: "/domains",
    summary: "Make a domain",
    request: { body: body(CreateDomain) },
    responses: { 201: json(Domain, "The domain"), ...problems },
  }),
  async (c) => c.json(await accounts.createDomain(c.env, c.req.valid("json").name), 201),
);

admin.openapi(
  createRoute({
    method: "get",
    path: "/domains",
    summary: "All domains",
    responses: { 200: json(DomainList, "The domains"), ...problems },
  }),
  async (c) => c.json({ domains: await accounts.listDomains(c.env) }, 200),
);

admin.openapi(
  createRoute({
    method: "get",
    path: "/domains/{name}",
    summary: "One domain with its accounts and aliases",
    request: { params: name },
    responses: { 200: json(DomainDetail, "The domain"), ...problems },
  }),
  async (c) => c.json(await accounts.describeDomain(c.env, c.req.valid("param").name), 200),
);

admin.openapi(
  createRoute({
    method: "post",
    path: "/accounts",
    summary: "Make an account",
    request: { body: body(CreateAccount) },
    responses: { 201: json(Account, "The account"), ...problems },
  }),
  async (c) => c.json(await accounts.createAccount(c.env, c.req.valid("json")), 201),
);

admin.openapi(
  createRoute({
    method: "put",
    path: "/accounts/{email}/password",
    summary: "Set a password and end every session of the account",
    request: { params: email, body: body(SetPassword) },
    responses: noContent,
  }),
  async (c) => {
    await accounts.setPassword(c.env, c.req.valid("param").email, c.req.valid("json").password);
    return c.body(null, 204);
  },
);

admin.openapi(
  createRoute({
    method: "put",
    path: "/accounts/{email}/quota",
    summary: "Set how many bytes of mail the account may hold; 0 takes the default",
    request: { params: email, body: body(SetQuota) },
    responses: noContent,
  }),
  async (c) => {
    await accounts.setQuota(c.env, c.req.valid("param").email, c.req.valid("json").quota_bytes);
    return c.body(null, 204);
  },
);

admin.openapi(
  createRoute({
    method: "put",
    path: "/accounts/{email}/sending",
    summary: "Set how many recipients a day the account may write to; stop it, or lift a stop",
    request: { params: email, body: body(SetSending) },
    responses: { 200: json(Sending, "How the account may send now"), ...problems },
  }),
  async (c) => c.json(await accounts.setSending(c.env, c.req.valid("param").email, c.req.valid("json")), 200),
);

admin.openapi(
  createRoute({
    method: "post",
    path: "/accounts/{email}/verify",
    summary: "Look through a slice of a mailbox for what does not fit together",
    request: { params: email, body: body(AskVerify) },
    responses: { 200: json(VerifyPage, "What was found, and where to go on"), ...problems },
  }),
  async (c) => c.json(await accounts.verifyAccount(c.env, c.req.valid("param").email, c.req.valid("json").after), 200),
);

admin.openapi(
  createRoute({
    method: "post",
    path: "/accounts/{email}/rebuild",
    summary: "Read a slice of a mailbox's messages from R2 into it again",
    request: { params: email, body: body(AskRebuild) },
    responses: { 200: json(RebuildPage, "What was read, and where to go on"), ...problems },
  }),
  async (c) => c.json(await accounts.rebuildAccount(c.env, c.req.valid("param").email, c.req.valid("json").after), 200),
);

admin.openapi(
  createRoute({
    method: "put",
    path: "/aliases/{email}",
    summary: "Make an alias or replace its targets; `*@domain` is the catch-all",
    request: { params: email, body: body(PutAlias) },
    responses: { 200: json(Alias, "The alias"), ...problems },
  }),
  async (c) => c.json(await accounts.putAlias(c.env, c.req.valid("param").email, c.req.valid("json").targets), 200),
);

admin.openapi(
  createRoute({
    method: "delete",
    path: "/aliases/{email}",
    summary: "Delete an alias",
    request: { params: email },
    responses: noContent,
  }),
  async (c) => {
    await accounts.deleteAlias(c.env, c.req.valid("param").email);
    return c.body(null, 204);
  },
);

admin.openapi(
  createRoute({
    method: "get",
    path: "/dead-letters",
    summary: "Queue messages that could not be processed",
    responses: { 200: json(DeadLetterList, "The dead letters, oldest first"), ...problems },
  }),
  async (c) => c.json({ dead_letters: await listDeadLetters(c.env) }, 200),
);

admin.openapi(
  createRoute({
    method: "post",
    path: "/dead-letters/{id}/retry",
    summary: "Put a dead letter on its queue again",
    request: { params: id },
    responses: { 202: { description: "On its queue" }, ...problems },
  }),
  async (c) => {
    await retryDeadLetter(c.env, c.req.valid("param").id);
    return c.body(null, 202);
  },
);

admin.openapi(
  createRoute({
    method: "delete",
    path: "/dead-letters/{id}",
    summary: "Drop a dead letter",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await dropDeadLetter(c.env, c.req.valid("param").id);
    return c.body(null, 204);
  },
);

admin.route("/domains/:name/relay", domainRelays);
admin.route("/domains/:name/policy", domainPolicy);
admin.route("/queue", queue);
admin.route("/queue-history", queueHistory);

admin.use("/accounts/:email/imports/*", operatorsArchive);
admin.use("/accounts/:email/export/*", operatorsArchive);
admin.route("/accounts/:email/imports", importRoutes(email.shape));
admin.route("/accounts/:email/export", exportRoutes(email.shape));
admin.route("/domains/:name", domainDns);
