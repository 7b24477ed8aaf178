/** `/v1/admin` as tests want it: it knows what was made, answers 409 to repeats, and can be cut off. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export const ADMIN_SECRET = "admin-secret-of-the-tests";
const CREATED_AT = "2026-11-24T03:21:19.000Z";

export class FakeAdmin {
  readonly accounts = new Map<string, string>();
  readonly domains = new Set<string>();
  readonly requests: string[] = [];
  left = 0;
  /** After so many requests it answers no more, as when the launcher is killed. */
  diesAfter = Number.POSITIVE_INFINITY;
  readonly #server: Server = createServer((request, response) => void this.#respond(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
    if (this.requests.length >= this.diesAfter) return void response.destroy();
    this.requests.push(`${request.method} ${request.url} ${text}`.trim());
    const [status, body] = this.#answer(request, text === "" ? {} : JSON.parse(text));
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(body === undefined ? "" : JSON.stringify(body));
  }

  #answer(request: IncomingMessage, body: Record<string, string>): [number, unknown?] {
    if (request.headers.authorization !== `Bearer ${ADMIN_SECRET}`)
      return problem(401, "unauthenticated", "Who are you?");
    const { email = "", name = "", password = "" } = body;
    switch (`${request.method} ${request.url}`) {
      case "POST /v1/admin/domains": {
        if (this.domains.has(name)) return problem(409, "conflict", "Exists already");
        this.domains.add(name);
        return [201, domain(name)];
      }
      case "POST /v1/admin/accounts": {
        if (this.accounts.has(email)) return problem(409, "conflict", "Exists already");
        this.accounts.set(email, password);
        return [201, { user_id: "u0123456789abcdef", email, created_at: CREATED_AT }];
      }
      case "GET /v1/admin/domains":
        return [200, { domains: [...this.domains].map(domain) }];
      case "GET /v1/admin/domains/mesh.test/policy":
      case "PATCH /v1/admin/domains/mesh.test/policy":
        return [200, { dmarc_reject: "obey", refused_attachments: ["virus"], ...body }];
      case "PUT /v1/admin/aliases/*%40mesh.test":
        return [200, { email: "*@mesh.test", ...body }];
      case `PUT /v1/admin/aliases/${encodeURIComponent("*@bücher.test")}`:
        return [200, { email: "*@xn--bcher-kva.test", targets: ["kurt@xn--bcher-kva.test", "a@b.test"] }];
      case `PUT /v1/admin/accounts/${encodeURIComponent("kurt@BÜCHER.test")}/password`:
      case `PUT /v1/admin/accounts/${encodeURIComponent("alice@mesh.test")}/quota`:
      case `PUT /v1/admin/accounts/${encodeURIComponent("alice@mesh.test")}/sending`:
        return [200, { ...SENDING, ...body }];
      case `DELETE /v1/admin/aliases/${encodeURIComponent("info@bücher.test")}`:
        return [204];
      case `GET /v1/admin/domains/${encodeURIComponent("bücher.test")}`:
        return [200, { ...domain("xn--bcher-kva.test"), account_list: [KURT], alias_list: [INFO] }];
      case `GET ${EXPORT}?format=mbox&q=in%3A%22Wrok%22`:
        return [200];
      case `GET ${EXPORT}?format=zip&q=in%3A%22Wrok%22`:
        return [200, "an empty archive: 22"];
      case `PUT /v1/admin/domains/${encodeURIComponent("bücher.test")}/relay`:
      case `GET /v1/admin/domains/${encodeURIComponent("bücher.test")}/relay`:
        return [200, { url: body.url === null ? null : "smtp://user:***@relay.test:587" }];
      case "GET /v1/admin/dead-letters":
        return [
          200,
          {
            dead_letters: [
              {
                id: "d1",
                queue: "q",
                died_at: CREATED_AT,
                reason: "Error: no\u001b[31m",
                body: { from: "\u001b[31m" },
              },
            ],
          },
        ];
      case "POST /v1/admin/dead-letters/d1/retry":
        return [202];
      case "GET /v1/admin/queue?limit=100":
        return [200, { totals: TOTALS, destinations: [FAR], next_cursor: null, dead_letters: 2, queues: QUEUES }];
      case "GET /v1/admin/queue/xn--bcher-kva.test?limit=100":
        return [200, { ...FAR, running: 1, waiting: [WAITS], next_cursor: null }];
      case "POST /v1/admin/queue/xn--bcher-kva.test/retry":
        // 400 of them first, then the rest.
        this.left = this.left === 400 ? 0 : 400;
        return [200, { retried: 400, left: this.left }];
      case `POST /v1/admin/queue/xn--bcher-kva.test/${WAITS.id}/retry`:
        return [202];
      case `DELETE /v1/admin/queue/xn--bcher-kva.test/${WAITS.id}`:
        return [204];
      default:
        return problem(404, "not_found", "Not here");
    }
  }
}

const EXPORT = `/v1/admin/accounts/${encodeURIComponent("alice@mesh.test")}/export`;
const KURT = { user_id: "u0123456789abcdef", email: "kurt@xn--bcher-kva.test", created_at: CREATED_AT };
const INFO = { email: "info@xn--bcher-kva.test", targets: [KURT.email, "you@xn--r8jz45g.xn--zckzah"] };

const SENDING = {
  ...{ user_id: "u0123456789abcdef", daily_recipients: 50, used: 7, resets_at: CREATED_AT },
  ...{ is_stopped: false, stopped_at: null, stopped_why: null },
};
const TOTALS = { destinations: 1, submissions: 1, recipients: 3, oldest_at: CREATED_AT };
const QUEUES = { inbound: null, outbound: { messages: 7, bytes: 700, oldest_at: null } };
const CAUSE = { status: "4.7.0", reply: "421 Too many\u001b[31m", submissions: 1, recipients: 3 };
const FAR = {
  ...{ destination: "xn--bcher-kva.test", submissions: 1, recipients: 3, oldest_at: CREATED_AT, causes: [CAUSE] },
  throttle: { concurrency: 2, per_minute: 60, paused_until: null },
};
const WAITS = {
  ...{ id: "u0123456789abcdef.7", user_id: "u0123456789abcdef", recipients: 3, status: "4.7.0", reply: "421 Too many" },
  ...{ first_deferred_at: CREATED_AT, next_attempt_at: CREATED_AT },
};

function domain(name: string) {
  const display_name = name === "xn--bcher-kva.test" ? "bücher.test" : name;
  return { name, display_name, accounts: 2, aliases: 1, created_at: CREATED_AT };
}

function problem(status: number, reason: string, title: string): [number, unknown] {
  return [status, { type: `/problems/${reason}`, title, status, reason, detail: "There is one already." }];
}
