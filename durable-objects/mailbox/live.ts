/**
 * Clients that want to know at once: WebSockets that may hibernate, and long polls.
 *
 * A socket carries the state that its client has, as an attachment that survives hibernation, so each one is sent what
 * it lacks and nothing twice, whatever happened to this object's memory in between.
 */
import { z } from "zod";
import type { LiveEvent } from "../../contract/changes.ts";
import { Failure } from "../../contract/failure.ts";
import { changesSince, currentState, isForgotten, requireKept } from "./change-log.ts";
import type { Mailbox } from "./mailbox-database.ts";

const Attachment = z.object({ state: z.number() });

/** Enough for every device of a person; beyond it the oldest would only be forgotten tabs. */
const MAX_SOCKETS = 100;

/** Pages of changes that a client far behind is sent in one go: each is up to a thousand rows of the log. */
const PAGES_AT_ONCE = 10;

/** A long poll that nothing happened for yet. */
interface Waiting {
  session: string;
  wake(): void;
}

export class LiveClients {
  readonly #ctx: DurableObjectState;
  readonly #waiting = new Set<Waiting>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    // Keep-alives are answered by the runtime while the object sleeps.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Takes a socket in. `session` names the login it came with, so that logging out closes it. */
  connect(box: Mailbox, session: string, since: number | undefined): Response {
    if (this.#ctx.getWebSockets().length >= MAX_SOCKETS) {
      throw new Failure("rate_limited", `An account has ${MAX_SOCKETS} live connections at most.`, [], 60);
    }
    const { 0: client, 1: server } = new WebSocketPair();
    const present = currentState(box.db);
    const state = since === undefined || since > present ? present : since;
    // Before the socket is taken in: one that nothing can be told would stand in the way of every change.
    requireKept(box.db, state);
    this.#ctx.acceptWebSocket(server, [session]);
    send(server, { type: "hello", state: String(state) });
    server.serializeAttachment({ state });
    this.#catchUp(box, server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Ends what came with a login, or with any. Call it when the login is over. */
  disconnect(session?: string): void {
    for (const socket of this.#ctx.getWebSockets(session)) socket.close(4401, "logged out");
    for (const poll of this.#waiting) if (session === undefined || poll.session === session) poll.wake();
  }

  /** Something may have changed: everyone hears what they lack. Call it after the transaction. */
  announce(box: Mailbox): void {
    for (const poll of this.#waiting) poll.wake();
    for (const socket of this.#ctx.getWebSockets()) this.#catchUp(box, socket);
  }

  #catchUp(box: Mailbox, socket: WebSocket): void {
    const attachment = Attachment.safeParse(socket.deserializeAttachment());
    if (!attachment.success || socket.readyState !== WebSocket.OPEN) return;
    let { state } = attachment.data;
    // It was being told of much when the log was trimmed: it comes again, and hears that it has to begin anew.
    if (isForgotten(box.db, state)) {
      socket.close(4410, "state too old");
      return;
    }
    for (let page = 0; page < PAGES_AT_ONCE && state < currentState(box.db); page++) {
      const changes = changesSince(box, state);
      try {
        send(socket, { type: "changes", ...changes });
      } catch (error) {
        // It went away this moment. What it would have heard of happened all the same.
        console.warn("live client not reached", error);
        return;
      }
      state = Number(changes.state);
      socket.serializeAttachment({ state });
    }
    // The rest in a turn of its own, so that nobody waits for it.
    if (state < currentState(box.db)) setTimeout(() => this.#catchUp(box, socket), 0);
  }

  /** Returns when something happened since a state, when the login is over, or when the time is. */
  async wait(box: Mailbox, session: string, since: number, seconds: number): Promise<void> {
    if (seconds > 0 && currentState(box.db) === since) await this.#nextChange(session, seconds * 1000);
  }

  #nextChange(session: string, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(poll);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      const poll = { session, wake };
      this.#waiting.add(poll);
    });
  }
}

const send = (socket: WebSocket, event: LiveEvent) => socket.send(JSON.stringify(event));
