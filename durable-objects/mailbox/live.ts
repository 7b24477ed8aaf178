/**
 * Clients that want to know at once: WebSockets that may hibernate, and long polls.
 *
 * A socket carries the state that its client has, as an attachment that survives hibernation, so each one is sent what
 * it lacks and nothing twice, whatever happened to this object's memory in between.
 */
import { z } from "zod";
import type { Changes, LiveEvent } from "../../contract/changes.ts";
import { changesSince, currentState } from "./change-log.ts";
import type { Mailbox } from "./mailbox-database.ts";

const Attachment = z.object({ state: z.number() });

/** Enough for every device of a person; beyond it the oldest would only be forgotten tabs. */
const MAX_SOCKETS = 100;

export class LiveClients {
  readonly #ctx: DurableObjectState;
  readonly #waiting = new Set<() => void>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    // Keep-alives are answered by the runtime while the object sleeps.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Takes a socket in. `session` names the login it came with, so that logging out closes it. */
  connect(box: Mailbox, session: string, since: number | undefined): Response {
    if (this.#ctx.getWebSockets().length >= MAX_SOCKETS) return new Response("Too many connections", { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, [session]);
    const present = currentState(box.db);
    const state = since === undefined || since > present ? present : since;
    send(server, { type: "hello", state: String(state) });
    server.serializeAttachment({ state });
    this.#catchUp(box, server);
    return new Response(null, { status: 101, webSocket: client });
  }

  disconnect(session: string): void {
    for (const socket of this.#ctx.getWebSockets(session)) socket.close(4401, "logged out");
  }

  disconnectAll(): void {
    for (const socket of this.#ctx.getWebSockets()) socket.close(4401, "logged out");
  }

  /** Something may have changed: everyone hears what they lack. Call it after the transaction. */
  announce(box: Mailbox): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    for (const socket of this.#ctx.getWebSockets()) this.#catchUp(box, socket);
  }

  #catchUp(box: Mailbox, socket: WebSocket): void {
    const attachment = Attachment.safeParse(socket.deserializeAttachment());
    if (!attachment.success || socket.readyState !== WebSocket.OPEN) return;
    for (let { state } = attachment.data; state < currentState(box.db); ) {
      const changes = changesSince(box, state);
      send(socket, { type: "changes", ...changes });
      state = Number(changes.state);
      socket.serializeAttachment({ state });
    }
  }

  /** The changes since a state, at once if there are any, else as soon as there are or the time is over. */
  async changes(box: Mailbox, since: number, waitSeconds: number): Promise<Changes> {
    if (waitSeconds > 0 && currentState(box.db) <= since) await this.#nextChange(waitSeconds * 1000);
    return changesSince(box, since);
  }

  #nextChange(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }
}

const send = (socket: WebSocket, event: LiveEvent) => socket.send(JSON.stringify(event));
