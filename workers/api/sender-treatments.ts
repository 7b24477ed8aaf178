/** `/v1/blocked-senders` and `/v1/never-junk-senders`: two lists of one kind. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  ListSenderTreatments,
  SenderTreatment,
  SenderTreatmentPage,
  type Treatment,
  TreatSender,
} from "../../contract/sender-treatments.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const blockedSenders = treated("blocked", "senders whose mail is refused, or put into junk");
export const neverJunkSenders = treated("never_junk", "senders whose mail is never junk, unless it is forged");

function treated(treatment: Treatment, who: string) {
  const routes = resource();

  routes.openapi(
    createRoute({
      method: "get",
      path: "/",
      summary: `The ${who}`,
      request: { query: ListSenderTreatments },
      responses: { 200: json(SenderTreatmentPage, "A page, by name"), ...problems },
    }),
    async (c) => c.json(await c.var.rules.listTreatments(treatment, c.req.valid("query")), 200),
  );

  routes.openapi(
    createRoute({
      method: "post",
      path: "/",
      summary: `Add one to the ${who}`,
      request: { body: body(TreatSender) },
      responses: { 201: json(SenderTreatment, "The sender; saying it again changes nothing"), ...problems },
    }),
    async (c) => c.json(await c.var.rules.treatSender(treatment, c.req.valid("json").sender), 201),
  );

  routes.openapi(
    createRoute({
      method: "delete",
      path: "/{sender}",
      summary: `Take one off the ${who}`,
      request: { params: z.object({ sender: z.string().min(1).max(320) }) },
      responses: noContent,
    }),
    async (c) => {
      await c.var.rules.untreatSender(treatment, c.req.valid("param").sender);
      return c.body(null, 204);
    },
  );

  return routes;
}
