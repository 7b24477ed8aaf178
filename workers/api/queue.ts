/** `/v1/admin/queue` and its history: mail that waits to leave. Behind the admin secret, like the room it is in. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  AskQueue,
  AskQueueHistory,
  QueueDestinationView,
  QueuedId,
  QueueHistory,
  QueueRetried,
  QueueView,
} from "../../contract/operator.ts";
import * as queueView from "../queues/queue-view.ts";
import { json, noContent, problems, resource } from "./api-env.ts";

export const queue = resource();

const destination = z.object({ destination: z.string() });
const submission = destination.extend({ submission: QueuedId });

queue.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "Mail that waits to leave, by destination, the most first",
    request: { query: AskQueue },
    responses: { 200: json(QueueView, "What waits, and why; up to half a minute old"), ...problems },
  }),
  async (c) => c.json(await queueView.viewQueue(c.env, c.req.valid("query")), 200),
);

queue.openapi(
  createRoute({
    method: "get",
    path: "/{destination}",
    summary: "What waits for one destination, the longest waiting first",
    request: { params: destination, query: AskQueue },
    responses: { 200: json(QueueDestinationView, "The destination and its submissions"), ...problems },
  }),
  async (c) => {
    const name = c.req.valid("param").destination;
    return c.json(await queueView.viewDestination(c.env, name, c.req.valid("query")), 200);
  },
);

queue.openapi(
  createRoute({
    method: "post",
    path: "/{destination}/retry",
    summary: "Try all that waits for a destination now, and forget its throttle; repeat it until nothing is left",
    request: { params: destination },
    responses: { 200: json(QueueRetried, "How many are tried, and how many are left"), ...problems },
  }),
  async (c) => c.json(await queueView.retryDestination(c.env, c.req.valid("param").destination), 200),
);

queue.openapi(
  createRoute({
    method: "post",
    path: "/{destination}/{submission}/retry",
    summary: "Try one submission now",
    request: { params: submission },
    responses: { 202: { description: "It is due" }, ...problems },
  }),
  async (c) => {
    await queueView.retrySubmission(c.env, c.req.valid("param").submission);
    return c.body(null, 202);
  },
);

queue.openapi(
  createRoute({
    method: "delete",
    path: "/{destination}/{submission}",
    summary: "Give up a submission's recipients at a destination; the sender is told",
    request: { params: submission },
    responses: noContent,
  }),
  async (c) => {
    const { destination: name, submission: id } = c.req.valid("param");
    await queueView.dropSubmission(c.env, name, id);
    return c.body(null, 204);
  },
);

export const queueHistory = resource();

queueHistory.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "How much waited, and how long the oldest, in each ten minutes of the last week",
    request: { query: AskQueueHistory },
    responses: { 200: json(QueueHistory, "The points, oldest first"), ...problems },
  }),
  async (c) => c.json(await queueView.viewHistory(c.env, c.req.valid("query").since), 200),
);
