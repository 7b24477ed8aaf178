/** `/v1/vacation`: what is answered while the owner is away. */
import { createRoute } from "@hono/zod-openapi";
import { SetVacation, Vacation } from "../../contract/vacation.ts";
import { body, json, problems, resource } from "./api-env.ts";
import { withRules } from "./with-rules.ts";

export const vacation = resource();

vacation.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The vacation notice",
    responses: { 200: json(Vacation, "The notice; not enabled until it is set"), ...problems },
  }),
  async (c) => c.json(await withRules(c.var.session, (rules) => rules.vacation()), 200),
);

vacation.openapi(
  createRoute({
    method: "put",
    path: "/",
    summary: "Set the vacation notice; with other words, everybody is told again",
    request: { body: body(SetVacation) },
    responses: { 200: json(Vacation, "The notice"), ...problems },
  }),
  async (c) => c.json(await withRules(c.var.session, (rules) => rules.setVacation(c.req.valid("json"))), 200),
);
