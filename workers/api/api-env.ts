/** What every route of the API works with. */
import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { Problem } from "../../contract/problem.ts";
import type { MailboxObject } from "../../durable-objects/mailbox/mailbox-object.ts";
import type { Env } from "../env.ts";
import { handleError, issuesOf, problem } from "./problem.ts";

/** The capability of the caller, as a promise that calls can be made on before it is there: one round trip in all. */
export type MailboxStub = DurableObjectStub<MailboxObject>;
export type CallerSession = ReturnType<MailboxStub["session"]>;
/** The part of a mailbox that imports and exports go through: an owner's, or an operator's. */
export type ArchiveCapability = ReturnType<CallerSession["archive"]>;

export interface ApiEnv {
  Bindings: Env;
  Variables: {
    session: CallerSession;
    archive: ArchiveCapability;
    user_id: string;
    secret_hash: string;
  };
}

/** A room for the routes of one resource. What its schemas refuse becomes problem details; a malformed id is no id. */
export function resource(): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      // Another type than JSON was refused before. None at all means that there is no body, and where every field may be
      // left out (a draft), nothing would be taken for an empty object.
      if (result.target === "json" && c.req.header("content-type") === undefined) {
        return problem({ reason: "bad_request", issues: [{ at: "body", message: "missing" }] });
      }
      if (result.success) return;
      if (result.target === "param") return problem({ reason: "not_found" });
      const part = result.target === "json" ? "body" : result.target;
      return problem({ reason: "bad_request", issues: issuesOf(result.error, part) });
    },
  });
  app.onError(handleError);
  return app;
}

/** The answers that any route may give besides its own. */
export const problems = {
  "4XX": { description: "What is wrong, and where", content: { "application/problem+json": { schema: Problem } } },
} as const;

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A JSON body that must be there. */
export const body = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

export const noContent = { 204: { description: "Done" }, ...problems } as const;
