/** `/v1/blocked-senders`, `/v1/never-junk-senders` and `/v1/image-senders`: three lists of one kind. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  ListSenderTreatments,
  SenderTreatment,
  SenderTreatmentPage,
  type Treatment,
  TreatSender,
} from "../../contract/sender-treatments.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { withRules } from "./with-rules.ts";

export const blockedSenders = treated("blocked", "senders whose mail is refused, or put into junk");
export const neverJunkSenders = treated("never_junk", "senders whose mail is never junk, unless it is forged");
export const imageSenders = treated("show_images", "senders whose remote images are shown without asking");

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
    async (c) => {
      const page = c.req.valid("query");
      return c.json(await withRules(c.var.session, (rules) => rules.listTreatments(treatment, page)), 200);
    },
  );

  routes.openapi(
    createRoute({
      method: "post",
      path: "/",
      summary: `Add one to the ${who}`,
      request: { body: body(TreatSender) },
      responses: { 201: json(SenderTreatment, "The sender; saying it again changes nothing"), ...problems },
    }),
    async (c) => {
      const { sender } = c.req.valid("json");
      return c.json(await withRules(c.var.session, (rules) => rules.treatSender(treatment, sender)), 201);
    },
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
      const { sender } = c.req.valid("param");
      await withRules(c.var.session, (rules) => rules.untreatSender(treatment, sender));
      return c.body(null, 204);
    },
  );

  return routes;
}
