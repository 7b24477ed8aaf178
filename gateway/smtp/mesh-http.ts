/**
 * HTTP to the mesh over connections that are kept: node:http and not `fetch`, which costs several times as much
 * processor time a request. Any failure to get a whole answer in time is a `MeshUnavailable`.
 */
import http from "node:http";
import https from "node:https";
import { URL } from "node:url";

/** An IngestReply for a hundred recipients is 30 kB. More than this is not the mesh speaking. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const AGENT_OPTIONS: http.AgentOptions = {
  keepAlive: true,
  maxSockets: 64,
  // workerd closes an idle connection after 5 s: drop it first, so that no request is written into a closed one.
  timeout: 4_000,
};

export class MeshUnavailable extends Error {}

export interface MeshRequest {
  method: "GET" | "POST";
  /** Path and query, from the root. */
  target: string;
  timeoutMilliseconds: number;
  body?: { chunks: readonly Buffer[]; size: number };
  /** What was found out about its sender, as an Authentication-Results value. */
  authenticationResults?: string | undefined;
}

export interface MeshAnswer {
  status: number;
  text: string;
}

export class MeshHttp {
  readonly #base: URL;
  readonly #agent: http.Agent;
  readonly #authorization: string;

  constructor(base: string, secret: string) {
    this.#base = new URL(base);
    this.#agent = this.#base.protocol === "https:" ? new https.Agent(AGENT_OPTIONS) : new http.Agent(AGENT_OPTIONS);
    this.#authorization = `Bearer ${secret}`;
  }

  async send(request: MeshRequest): Promise<MeshAnswer> {
    const signal = AbortSignal.timeout(request.timeoutMilliseconds);
    try {
      return await this.#once(request, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      // Both calls may be repeated: asking changes nothing, and the mesh recognises a message that it has already.
      return await this.#once(request, signal);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    return new Promise((resolve, reject) => {
      const headers: http.OutgoingHttpHeaders = { authorization: this.#authorization };
      if (request.body !== undefined) {
        headers["content-type"] = "message/rfc822";
        headers["content-length"] = request.body.size;
      }
      if (request.authenticationResults !== undefined) {
        headers["authentication-results"] = request.authenticationResults;
      }
      const send = this.#base.protocol === "https:" ? https.request : http.request;
      const outgoing = send(new URL(request.target, this.#base), {
        method: request.method,
        agent: this.#agent,
        headers,
        signal,
      });
      outgoing.once("response", (incoming) => readAnswer(incoming).then(resolve, reject));
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        const closedWhileIdle = outgoing.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
        if (closedWhileIdle) reject(new StaleConnection(error.message));
        else reject(new MeshUnavailable(signal.aborted ? "no answer in time" : error.message, { cause: error }));
      });
      for (const chunk of request.body?.chunks ?? []) outgoing.write(chunk);
      outgoing.end();
    });
  }
}

/** A kept connection that the mesh had closed already. A second failure in a row counts as unavailable. */
class StaleConnection extends MeshUnavailable {}

async function readAnswer(incoming: http.IncomingMessage): Promise<MeshAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw new MeshUnavailable("the answer is too long");
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof MeshUnavailable) throw error;
    throw new MeshUnavailable("the answer broke off", { cause: error });
  }
  return { status: incoming.statusCode ?? 0, text: Buffer.concat(chunks, size).toString() };
}
