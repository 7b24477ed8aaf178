/** What happens in the account, as it happens: over a WebSocket, or by long poll where none opens. */
import { call } from "./api.js";

/** @import { Changes, LiveEvent } from "../../contract/changes.ts" */

/**
 * Reports all changes after a state, whatever happens to the connection in between. Returns what ends it.
 * @param {string} state
 * @param {(changes: Changes) => void} onChanges
 */
export function follow(state, onChanges) {
  const end = new AbortController();
  void keepFollowing();
  return () => end.abort();

  async function keepFollowing() {
    for (let failures = 0; !end.signal.aborted; ) {
      const worked = (await overSocket()) || (await byPolling());
      failures = worked ? 0 : Math.min(failures + 1, 6);
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** failures));
    }
  }

  /** Resolves when the socket is closed, with whether it was ever open. */
  function overSocket() {
    const socket = new WebSocket(`/v1/events?since=${state}`);
    const ping = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("ping"), 30_000);
    end.signal.addEventListener("abort", () => socket.close(), { once: true });
    let opened = false;
    socket.onmessage = ({ data }) => {
      opened = true;
      if (data === "pong") return;
      /** @type {LiveEvent} */
      const event = JSON.parse(data);
      state = event.state;
      if (event.type === "changes") onChanges(event);
    };
    return new Promise((resolve) => {
      socket.onclose = () => resolve(opened);
    }).finally(() => clearInterval(ping));
  }

  /** One poll; then the socket has its next chance. That a login has ended shows here: a socket does not say why it failed. */
  async function byPolling() {
    try {
      /** @type {Changes} */
      const changes = await call("GET", `/changes?since=${state}&wait=20`, undefined, { signal: end.signal });
      if (changes.state !== state) onChanges(changes);
      state = changes.state;
      return true;
    } catch {
      return false;
    }
  }
}
