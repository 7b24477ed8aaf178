/** What happens in the account, as it happens: over a WebSocket, or by long poll where none opens. */
import type { Changes, LiveEvent } from "../../../contract/changes.ts";
import { call, Refused } from "../api/call.ts";
import { watchSocket } from "./watch-socket.ts";

export type Connection = "live" | "polling" | "lost";

interface Follower {
  /** What is known already; null where nothing is. */
  since: string | null;
  /** The present state is known: all that changes from now on is reported, and nothing of what was before. */
  onStart(state: string): void;
  onChanges(changes: Changes): void;
  onConnection(connection: Connection): void;
}

/**
 * Reports all changes, whatever happens to the connection in between: a laptop that slept for a day asks for what happened
 * since. Returns what ends it.
 */
export function followChanges({ since, onStart, onChanges, onConnection }: Follower): () => void {
  const end = new AbortController();
  let state = since;
  let told: Connection | null = null;
  const tell = (connection: Connection) => {
    if (connection !== told) onConnection(connection);
    told = connection;
  };
  // A socket outlives its network for a while. When the network is back, or it was another one, it answers.
  addEventListener("offline", () => tell("lost"), { signal: end.signal });
  void keepFollowing();
  return () => end.abort();

  async function keepFollowing(): Promise<void> {
    for (let failures = 0; !end.signal.aborted; ) {
      const worked = (await begin()) && ((await overSocket()) || (await byPolling()));
      if (end.signal.aborted) return;
      failures = worked ? 0 : Math.min(failures + 1, 6);
      if (!worked) tell("lost");
      await pause(500 * 2 ** failures);
    }
  }

  async function begin(): Promise<boolean> {
    if (state !== null) return true;
    try {
      ({ state } = await call<Changes>("GET", "/changes", { signal: end.signal }));
      onStart(state);
      return true;
    } catch {
      // Tried again after a pause; `lost` is shown meanwhile.
      return false;
    }
  }

  /** Resolves when the socket is closed, or carries nothing any more, with whether it was ever open. */
  function overSocket(): Promise<boolean> {
    const socket = new WebSocket(`/v1/events?since=${state}`);
    const died = new AbortController();
    const watch = watchSocket(socket, () => died.abort());
    const close = () => socket.close();
    end.signal.addEventListener("abort", close, { once: true });
    let opened = false;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      watch.heard();
      tell("live");
      opened = true;
      if (data === "pong") return;
      const event: LiveEvent = JSON.parse(data);
      // The mailbox was made anew, and has never been where this is.
      if (event.type === "hello" && Number(event.state) < Number(state)) onStart(event.state);
      state = event.state;
      if (event.type === "changes") onChanges(event);
    };
    return new Promise<boolean>((resolve) => {
      socket.onclose = () => resolve(opened);
      // It may take its time to close, and nothing that it still brings is news.
      died.signal.addEventListener("abort", () => resolve(opened), { once: true });
    }).finally(() => {
      watch.stop();
      socket.onmessage = null;
      socket.close();
      end.signal.removeEventListener("abort", close);
    });
  }

  /** One poll; then the socket has its next chance. That a login has ended shows here: a socket does not say why it failed. */
  async function byPolling(): Promise<boolean> {
    try {
      const changes = await call<Changes>("GET", `/changes?since=${state}&wait=20`, { signal: end.signal });
      tell("polling");
      if (changes.state !== state) onChanges(changes);
      state = changes.state;
      return true;
    } catch (error) {
      // So long ago that the server has forgotten what happened since, or another mailbox: it begins anew.
      if (!(error instanceof Refused && /^(?:state_too_old|bad_state)$/.test(error.reason))) return false;
      state = null;
      return begin();
    }
  }

  /** A network that came back, or a page that is looked at again, waits for nothing. */
  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        removeEventListener("online", go);
        document.removeEventListener("visibilitychange", go);
        end.signal.removeEventListener("abort", go);
        resolve();
      };
      const timer = setTimeout(go, milliseconds);
      addEventListener("online", go);
      document.addEventListener("visibilitychange", go);
      end.signal.addEventListener("abort", go);
    });
  }
}
