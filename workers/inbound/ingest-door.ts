/** The door for the gateway, or any other MTA that holds the ingest secret: see contract/ingest.ts. */
import { Hono } from "hono";
import { Envelope, Hop, type IngestReply } from "../../contract/ingest.ts";
import { parseResults } from "../../mail/authentication/results-field.ts";
import { bearerToken, isSecret } from "../api/bearer.ts";
import { handleError, problem } from "../api/problem.ts";
import type { Env } from "../env.ts";
import { acceptMail, askRecipients } from "./accept-mail.ts";
import { readBounded } from "./read-bounded.ts";
import { refused } from "./refusals.ts";

export const ingest = new Hono<{ Bindings: Env }>()
  .onError(handleError)
  .use(async (c, next) => {
    if (!(await isSecret(bearerToken(c.req.raw), c.env.INGEST_SECRET))) {
      return problem({ reason: "unauthenticated", detail: "The ingest secret is missing or wrong." });
    }
    return next();
  })
  .get("/", async (c) => {
    const query = readQuery(c.req.raw);
    if (!query.ok) return query.response;
    return c.json({ recipients: await askRecipients(c.env, query.envelope) } satisfies IngestReply);
  })
  .post("/", async (c) => {
    const query = readQuery(c.req.raw);
    if (!query.ok) return query.response;
    const { envelope, hop } = query;
    const said = c.req.header("authentication-results");
    const hopSays = said === undefined ? null : parseResults(said);
    if (said !== undefined && hopSays === null) {
      const issues = [{ at: "header.authentication-results", message: "not a value as in RFC 8601" }];
      return problem({ reason: "bad_request", detail: "What was found out about the sender cannot be read.", issues });
    }
    const bytes = c.req.raw.body === null ? new Uint8Array() : await readBounded(c.req.raw.body);
    if (bytes === null) {
      const recipients = envelope.rcpt_to.map((address) => refused(address, "message_too_large"));
      return c.json({ recipients } satisfies IngestReply);
    }
    const recipients = await acceptMail(c.env, envelope, bytes, hop, hopSays && { hop: hopSays });
    return c.json({ recipients } satisfies IngestReply);
  });

type Query = { ok: true; envelope: Envelope; hop: Hop } | { ok: false; response: Response };

function readQuery(request: Request): Query {
  const query = new URL(request.url).searchParams;
  const optional = (name: string) => query.get(name) || undefined;
  const from = query.get("from") ?? undefined;
  const envelope = Envelope.safeParse({ mail_from: from === "<>" ? "" : from, rcpt_to: query.getAll("to") });
  const hop = Hop.safeParse({
    helo: optional("helo"),
    remote_address: optional("remote_address"),
    protocol: optional("protocol"),
  });
  if (envelope.success && hop.success) return { ok: true, envelope: envelope.data, hop: hop.data };
  const wrong = [...(envelope.error?.issues ?? []), ...(hop.error?.issues ?? [])];
  const names: Record<string, string> = { mail_from: "query.from", rcpt_to: "query.to" };
  const issues = wrong.map(({ path: [field, ...rest], message }) => {
    return { at: [names[String(field)] ?? `query.${String(field)}`, ...rest].join("."), message };
  });
  return { ok: false, response: problem({ reason: "bad_request", detail: "The envelope is not valid.", issues }) };
}
