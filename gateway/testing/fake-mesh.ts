/** The mesh's `/ingest` as tests want it: it records what came, and answers what the test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { RecipientOutcome } from "../../contract/ingest.ts";

export interface Call {
  method: string;
  /** Length of the request target. */
  targetOctets: number;
  authorization: string | undefined;
  from: string | null;
  to: string[];
  hop: Record<string, string>;
  authenticationResults: string | undefined;
  body: Buffer;
}

const NO_SUCH_MAILBOX = { code: 550, status: "5.1.1", text: "No such mailbox" };

export class FakeMesh {
  readonly calls: Call[] = [];
  /** The outcome for one recipient of one call. */
  decide: (call: Call, to: string) => RecipientOutcome = (_call, address) => ({ address, outcome: "accepted" });
  /** Answers in place of an IngestReply, when it returns true. */
  interfere: (call: Call, response: ServerResponse) => boolean = () => false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#respond(callOf(request, Buffer.concat(chunks)), response);
        chunks = [];
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the fake mesh has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Ends kept connections, as a runtime does that starts again. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  get posts(): Call[] {
    return this.calls.filter((call) => call.method === "POST");
  }

  #respond(call: Call, response: ServerResponse): void {
    this.calls.push(call);
    if (this.interfere(call, response)) return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ recipients: call.to.map((to) => this.decide(call, to)) }));
  }
}

export function refused(address: string, smtp = NO_SUCH_MAILBOX): RecipientOutcome {
  return { address, outcome: "refused", reason: "no_such_mailbox", smtp };
}

function callOf(request: IncomingMessage, body: Buffer): Call {
  const target = request.url ?? "";
  const query = new URLSearchParams(target.slice(target.indexOf("?") + 1));
  const hop = Object.fromEntries([...query].filter(([name]) => name !== "from" && name !== "to"));
  return {
    method: request.method ?? "",
    targetOctets: target.length,
    authorization: request.headers.authorization,
    from: query.get("from"),
    to: query.getAll("to"),
    hop,
    authenticationResults: [request.headers["authentication-results"]].flat()[0],
    body,
  };
}
