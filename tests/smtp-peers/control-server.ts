/**
 * How a test that runs in workerd gets at peers that run in Node: an HTTP server on 127.0.0.1.
 *
 *     POST   /peers               a PeerScript → { id, port }
 *     GET    /peers/{id}          the PeerSessions, once the last one has ended or half a second has gone by
 *     GET    /peers/{id}/bodies/0 the bytes of the first message
 *     DELETE /peers/{id}
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { PeerCertificates } from "./certificates.ts";
import type { PeerScript } from "./script.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

export class ControlServer {
  readonly #peers = new Map<string, ScriptedPeer>();
  readonly #certificates: PeerCertificates;
  readonly #server: Server;
  #made = 0;

  constructor(certificates: PeerCertificates) {
    this.#certificates = certificates;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`);
      });
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers.values()].map((peer) => peer.close()));
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , id = "", what, index] = (request.url ?? "").split("/");
    if (request.method === "POST") return json(response, await this.#make(JSON.parse(await text(request))));
    const peer = this.#peers.get(id);
    if (peer === undefined) return void response.writeHead(404).end();
    if (request.method === "DELETE") {
      this.#peers.delete(id);
      await peer.close();
      return json(response, {});
    }
    if (what === "bodies") {
      const body = peer.bodies[Number(index)];
      return void response.writeHead(body === undefined ? 404 : 200).end(body);
    }
    for (let waited = 0; waited < 500 && peer.sessions.some((each) => each.ended === null); waited += 10)
      await pause(10);
    json(response, peer.sessions);
  }

  async #make(script: PeerScript): Promise<{ id: string; port: number }> {
    const peer = new ScriptedPeer(script, this.#certificates);
    const port = await peer.listen();
    this.#made += 1;
    const id = String(this.#made);
    this.#peers.set(id, peer);
    return { id, port };
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
