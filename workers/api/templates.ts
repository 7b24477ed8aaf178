/** `/v1/templates`: what the owner writes again and again. */
import { createRoute, z } from "@hono/zod-openapi";
import { CreateTemplate, Template, TemplateId, TemplateList, UpdateTemplate } from "../../contract/templates.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const templates = resource();

const id = z.object({ id: TemplateId });

templates.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The templates, by name",
    responses: { 200: json(TemplateList, "All of them"), ...problems },
  }),
  async (c) => c.json({ templates: await c.var.session.listTemplates() }, 200),
);

templates.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make a template",
    request: { body: body(CreateTemplate) },
    responses: { 201: json(Template, "The template"), ...problems },
  }),
  async (c) => c.json(await c.var.session.createTemplate(c.req.valid("json")), 201),
);

templates.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Change a template",
    request: { params: id, body: body(UpdateTemplate) },
    responses: { 200: json(Template, "The template as it is now"), ...problems },
  }),
  async (c) => c.json(await c.var.session.updateTemplate(c.req.valid("param").id, c.req.valid("json")), 200),
);

templates.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Delete a template",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteTemplate(c.req.valid("param").id);
    return c.body(null, 204);
  },
);
