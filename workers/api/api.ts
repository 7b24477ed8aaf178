/** REST v1, put together: one file a resource, and the description of it all generated from the routes. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { etag } from "hono/etag";
import { MAX_REQUEST_BYTES } from "../../contract/limits.ts";
import { accountSending } from "./account-sending.ts";
import { admin } from "./admin.ts";
import type { ApiEnv } from "./api-env.ts";
import { appTokens } from "./app-tokens.ts";
import { authenticate } from "./authenticate.ts";
import { changes, events } from "./changes.ts";
import { disposableAliases } from "./disposable-aliases.ts";
import { drafts } from "./drafts.ts";
import { filters } from "./filters.ts";
import { folders } from "./folders.ts";
import { identities } from "./identities.ts";
import { imageProxy } from "./image-proxy.ts";
import { exportRoutes, importRoutes, ownersArchive } from "./imports.ts";
import { leaveList } from "./leave-list.ts";
import { messageSpam } from "./message-spam.ts";
import { messages } from "./messages.ts";
import { ownAccount } from "./own-account.ts";
import { ownPassword } from "./own-password.ts";
import { handleError, problem } from "./problem.ts";
import { quota } from "./quota.ts";
import { readReceipts } from "./read-receipts.ts";
import { searches, suggestions } from "./saved-searches.ts";
import { search } from "./search.ts";
import { blockedSenders, imageSenders, neverJunkSenders } from "./sender-treatments.ts";
import { sending } from "./sending.ts";
import { sessions } from "./sessions.ts";
import { settings } from "./settings.ts";
import { sieve } from "./sieve.ts";
import { submissions } from "./submissions.ts";
import { suppressions } from "./suppressions.ts";
import { templates } from "./templates.ts";
import { threads } from "./threads.ts";
import { unrouted } from "./unrouted.ts";
import { uploads } from "./uploads.ts";
import { vacation } from "./vacation.ts";

const NO_PAGE = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const isRaw = /\/(raw|attachments\/\d+)$/;
const hashBody = etag();

export const api = new OpenAPIHono<ApiEnv>();

api.onError(handleError);
api.use(
  bodyLimit({
    maxSize: MAX_REQUEST_BYTES,
    onError: () =>
      problem({ reason: "request_too_large", detail: `A request holds ${MAX_REQUEST_BYTES} bytes at most.` }),
  }),
);
// What an account is shown is nobody else's, whoever caches in between.
api.use(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control") && c.res.status !== 101)
    c.res.headers.set("cache-control", "private, no-cache");
  // Nothing of the API is a page: whoever is made to open an answer of it sees text, and sends no address on.
  if (c.res.status !== 101) {
    for (const [name, value] of Object.entries(NO_PAGE)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
});

api.doc31("/openapi.json", {
  openapi: "3.1.0",
  info: { title: "Mailmesh", version: "1", description: "Mail over REST. Errors are RFC 9457 problem details." },
  servers: [{ url: "/v1" }],
  security: [{ bearer: [] }],
});
api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });

api.route("/sessions", sessions);
api.route("/admin", admin);
api.route("/proxy", imageProxy);

const forAccounts = {
  "/account": ownAccount,
  "/filters": filters,
  "/folders": folders,
  "/threads": threads,
  "/search": search,
  "/searches": searches,
  "/suggestions": suggestions,
  "/submissions": submissions,
  "/suppressions": suppressions,
  "/drafts": drafts,
  "/aliases": disposableAliases,
  "/blocked-senders": blockedSenders,
  "/changes": changes,
  "/identities": identities,
  "/image-senders": imageSenders,
  "/never-junk-senders": neverJunkSenders,
  "/password": ownPassword,
  "/quota": quota,
  "/sending": accountSending,
  "/settings": settings,
  "/sieve": sieve,
  "/templates": templates,
  "/tokens": appTokens,
  "/uploads": uploads,
  "/vacation": vacation,
};
for (const [path, routes] of Object.entries({ ...forAccounts, "/messages": messages })) {
  api.use(`${path}/*`, authenticate);
  // Lists and messages are small JSON: their hash is the ETag. Raw bytes never change and say so themselves.
  api.get(`${path}/*`, (c, next) => (isRaw.test(c.req.path) ? next() : hashBody(c, next)));
  api.route(path, routes);
}
api.route("/messages", sending);
api.route("/messages", readReceipts);
api.route("/messages", leaveList);
api.route("/messages", messageSpam);
for (const [path, routes] of Object.entries({ "/imports": importRoutes({}), "/export": exportRoutes({}) })) {
  api.use(`${path}/*`, authenticate, ownersArchive);
  api.route(path, routes);
}
api.use("/events/*", authenticate);
api.route("/events", events);
// A room inside another has no say in what is not found: without this, a wrong address would be looked for in the web client.
api.all("*", unrouted(api, "/v1"));
