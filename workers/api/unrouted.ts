/** What no route answers: an address that is here takes other methods, any other address is not. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-env.ts";
import { problem } from "./problem.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** The last route of the API. The addresses are those of its own description, so that the two cannot differ. */
export function unrouted(api: OpenAPIHono<ApiEnv>, base: string): MiddlewareHandler<ApiEnv> {
  let known: { path: RegExp; methods: string[] }[] | undefined;
  return async (c) => {
    known ??= addressesOf(api, base);
    const those = known.filter(({ path }) => path.test(c.req.path));
    const methods = [...new Set(those.flatMap((address) => address.methods))];
    if (methods.length === 0) return problem({ reason: "not_found", detail: "There is nothing at this address." });
    const refusal = problem({ reason: "method_not_allowed", detail: `This address takes ${methods.join(", ")}.` });
    // RFC 9110 §15.5.6
    refusal.headers.set("allow", methods.join(", "));
    return refusal;
  };
}

function addressesOf(api: OpenAPIHono<ApiEnv>, base: string) {
  const { paths = {} } = api.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
  return Object.entries(paths).map(([path, item]) => {
    const methods = METHODS.filter((method) => item[method] !== undefined).map((method) => method.toUpperCase());
    const pattern = path.replaceAll(/\{[^}]+\}/g, "[^/]+");
    return {
      path: new RegExp(`^${base}${pattern}$`),
      methods: methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : method)),
    };
  });
}
