/** The two doors that mail comes in by, with one handle: an envelope and bytes in, the outcome of each recipient out. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { IngestReply } from "../../contract/ingest.ts";
import type { Env } from "../../workers/env.ts";
import worker from "../../workers/index.ts";
import { routeHttp } from "../../workers/route-http.ts";
import { short } from "./answers.ts";
import { ingestRequest, ingest as ingestToMesh } from "./mesh.ts";

export type Door = (from: string, to: string[], raw: string | Uint8Array) => Promise<string[]>;

const bytesOf = (raw: string | Uint8Array) => (typeof raw === "string" ? new TextEncoder().encode(raw) : raw);

/** What a gateway does. */
const ingest: Door = async (from, to, raw) => short(await ingestToMesh(from, to, raw));

/** Of a mesh whose parts fail, say, which the test has in its hand. What answers no recipient is thrown. */
export async function atIngestDoor(env: Env, from: string, to: string[], raw: string | Uint8Array): Promise<string[]> {
  const answer = await routeHttp.fetch(ingestRequest(from, to, raw), env, createExecutionContext());
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return short(IngestReply.parse(await answer.json()).recipients);
}

/** What Cloudflare's Email Routing does: once for each recipient of the envelope. */
const email: Door = (from, to, raw) => atEmailDoor(env, from, to, raw);

/** At the edge, say, which a test of one machine is not. */
export async function atEmailDoor(env: Env, from: string, to: string[], raw: string | Uint8Array): Promise<string[]> {
  const outcomes: string[] = [];
  for (const address of to) {
    let rejection: string | null = null;
    await worker.email({ ...messageOf(from, address, bytesOf(raw)), setReject: (reason) => (rejection = reason) }, env);
    outcomes.push(rejection === null ? "accepted" : String(rejection).split(" ").slice(0, 2).join(" "));
  }
  return outcomes;
}

export const DOORS: [ingest: [name: string, door: Door], email: [name: string, door: Door]] = [
  ["POST /ingest", ingest],
  ["email()", email],
];

function messageOf(from: string, to: string, bytes: Uint8Array): ForwardableEmailMessage {
  const unused = () => Promise.reject(new Error("the mesh forwards and replies by itself"));
  return {
    ...{
      from,
      to,
      raw: new Blob([bytes]).stream(),
      rawSize: bytes.byteLength,
      headers: new Headers(),
      canBeForwarded: true,
    },
    ...{ setReject: () => {}, forward: unused, reply: unused },
  };
}
