import { describe, expect, it } from "vitest";
import { z } from "zod";
import { api } from "../../workers/api/api.ts";
import { fetchMesh } from "./mesh.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const Operation = z.object({
  summary: z.string().min(1),
  parameters: z
    .array(
      z.discriminatedUnion("in", [
        // OpenAPI 3.1 §4.8.12.2: a path without one of its parts is another path.
        z.object({ name: z.string(), in: z.literal("path"), required: z.literal(true), schema: z.object({}) }),
        z.object({ name: z.string(), in: z.enum(["query", "header"]), schema: z.object({}) }),
      ]),
    )
    .default([]),
  requestBody: z
    .object({
      required: z.literal(true),
      content: z.partialRecord(
        z.enum(["application/json", "application/octet-stream"]),
        z.object({ schema: z.object({}) }),
      ),
    })
    .optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().min(1), content: z.record(z.string(), z.object({})).optional() }),
  ),
});
type Operation = z.infer<typeof Operation>;

const Description = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.tuple([z.object({ url: z.literal("/v1") })]),
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), Operation)),
});

async function describeApi() {
  const answer = await fetchMesh("/v1/openapi.json");
  expect(answer.status).toBe(200);
  const description = Description.parse(await answer.json());
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
  return { description, operations };
}

/** The calls that every client builds on. */
const PROMISED = [
  "POST /sessions",
  "DELETE /sessions/current",
  "GET /sessions",
  "DELETE /sessions",
  "DELETE /sessions/{id}",
  "GET /account",
  "PUT /password",
  "POST /admin/session",
  "GET /admin/session",
  "DELETE /admin/session",
  "GET /admin/queue-history",
  "GET /templates",
  "POST /templates",
  "PATCH /templates/{id}",
  "DELETE /templates/{id}",
  "GET /image-senders",
  "POST /image-senders",
  "DELETE /image-senders/{sender}",
  "GET /tokens",
  "POST /tokens",
  "DELETE /tokens/{id}",
  "GET /folders",
  "POST /folders",
  "PATCH /folders/{id}",
  "DELETE /folders/{id}",
  "GET /folders/{id}/messages",
  "GET /messages/{id}",
  "PATCH /messages/{id}",
  "DELETE /messages/{id}",
  "POST /messages/batch",
  "POST /messages",
  "GET /messages/{id}/raw",
  "GET /messages/{id}/attachments/{n}",
  "GET /threads/{id}",
  "GET /search",
  "POST /search",
  "GET /suggestions",
  "POST /suggestions",
  "GET /searches",
  "POST /searches",
  "DELETE /searches/{id}",
  "GET /submissions/{id}",
  "DELETE /submissions/{id}",
  "POST /messages/{id}/read-receipt",
  "POST /drafts",
  "PUT /drafts/{id}",
  "POST /drafts/{id}/send",
  "POST /uploads",
  "GET /uploads/{id}",
  "PUT /uploads/{id}",
  "DELETE /uploads/{id}",
  "POST /imports",
  "GET /imports",
  "GET /imports/{id}",
  "PUT /imports/{id}/parts/{n}",
  "DELETE /imports/{id}",
  "GET /export",
  "GET /changes",
  "GET /events",
];

describe("the description of the API", () => {
  it("is OpenAPI 3.1 and names every call that is promised", async () => {
    const { description, operations } = await describeApi();
    expect(description.openapi).toMatch(/^3\.1\./);
    expect(operations.map(([call]) => call)).toEqual(expect.arrayContaining(PROMISED));
  });

  it("leaves no route out, and names none that is not there", async () => {
    const { operations } = await describeApi();
    const described = new Set(operations.map(([call]) => call));
    // What is registered for all methods or with a star is around the routes, not one of them.
    const routes = api.routes.filter(({ method, path }) => method !== "ALL" && !path.includes("*"));
    const routed = new Set(routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`));
    routed.delete("GET /openapi.json");
    expect([...routed].sort()).toEqual([...described].sort());
  });

  it("says of every call what it takes and what it answers", async () => {
    const { operations } = await describeApi();
    for (const [call, { parameters, responses, requestBody }] of operations) {
      const named = [...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(`${call}: ${parameters.filter((one) => one.in === "path").map(({ name }) => name)}`).toBe(
        `${call}: ${named}`,
      );
      expect(Object.keys(responses).some((status) => /^[12]/.test(status)) && "4XX" in responses, call).toBe(true);
      expect(Object.keys(responses["4XX"]?.content ?? {})).toEqual(["application/problem+json"]);
      if (/^(PUT|PATCH)/.test(call)) expect(requestBody, call).toBeDefined();
    }
  });

  it("is there for everyone, and its parameters have the limits of the API", async () => {
    const answer = await fetchMesh("/v1/openapi.json");
    const text = await answer.text();
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(text).toContain('"maximum":100');
    expect(text).not.toContain("undefined");
  });
});
