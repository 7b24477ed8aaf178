/**
 * The deployed Worker with its second door within reach: `POST /email?from=&to=` hands the body to `email()` as
 * Cloudflare's Email Routing would. The stand-in that the runtime brings parses the message first and refuses what it
 * does not like; here nothing is between the bytes and the Worker.
 */
import type { Env } from "../../workers/env.ts";
import worker from "../../workers/index.ts";

export * from "../../workers/index.ts";
export default worker;

/** The name of the entrypoint that the runtime opens its socket on. */
export const mesh = {
  ...worker,
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.pathname !== "/email" || request.body === null) return worker.fetch(request, env, ctx);
    let rejection: string | null = null;
    const unused = () => Promise.reject(new Error("the mesh forwards and replies by itself"));
    const message: ForwardableEmailMessage = {
      from: url.searchParams.get("from") ?? "",
      to: url.searchParams.get("to") ?? "",
      raw: request.body,
      rawSize: Number(request.headers.get("content-length")),
      headers: new Headers(),
      canBeForwarded: true,
      setReject: (reason) => {
        rejection = reason;
      },
      forward: unused,
      reply: unused,
    };
    await worker.email(message, env);
    return new Response(rejection ?? "accepted", { status: rejection === null ? 200 : 422 });
  },
} satisfies ExportedHandler<Env>;
