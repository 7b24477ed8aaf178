/** `/v1/folders`: folders, and the messages in them. */
import { createRoute, z } from "@hono/zod-openapi";
import { CreateFolder, Folder, UpdateFolder } from "../../contract/folders.ts";
import { FolderId } from "../../contract/ids.ts";
import { ListMessages, MessagePage } from "../../contract/messages.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";

export const folders = resource();

const id = z.object({ id: FolderId });

folders.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "All folders with their counts",
    responses: { 200: json(z.array(Folder), "Default folders first"), ...problems },
  }),
  async (c) => c.json(await c.var.session.listFolders(), 200),
);

folders.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make an own folder",
    request: { body: body(CreateFolder) },
    responses: { 201: json(Folder, "The new folder"), ...problems },
  }),
  async (c) => c.json(await c.var.session.createFolder(c.req.valid("json")), 201),
);

folders.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Rename or move an own folder",
    request: { params: id, body: body(UpdateFolder) },
    responses: { 200: json(Folder, "The folder as it is now"), ...problems },
  }),
  async (c) => c.json(await c.var.session.updateFolder(c.req.valid("param").id, c.req.valid("json")), 200),
);

folders.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Delete an own folder that is empty",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await c.var.session.deleteFolder(c.req.valid("param").id);
    return c.body(null, 204);
  },
);

folders.openapi(
  createRoute({
    method: "get",
    path: "/{id}/messages",
    summary: "The messages of a folder, newest first",
    request: { params: id, query: ListMessages },
    responses: { 200: json(MessagePage, "One page"), ...problems },
  }),
  async (c) => c.json(await c.var.session.listMessages(c.req.valid("param").id, c.req.valid("query")), 200),
);
