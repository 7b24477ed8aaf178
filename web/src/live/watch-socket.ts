/**
 * Whether a socket still carries anything. After a sleep, or behind a router that has forgotten it, a connection is dead
 * and nobody says so: the browser would find out after a quarter of an hour.
 */

/** So often it is asked, and so long an answer may take. */
const PERIOD = 30_000;
const LONGEST_WAIT = 5000;

/** `onDead` is called once. `heard` is to be called for whatever comes. */
export function watchSocket(socket: WebSocket, onDead: () => void): { heard(): void; stop(): void } {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    if (socket.readyState !== WebSocket.OPEN || waiting !== undefined) return;
    socket.send("ping");
    waiting = setTimeout(onDead, LONGEST_WAIT);
  };
  // Just then it may have died.
  const onWaking = () => document.visibilityState === "visible" && ask();
  const period = setInterval(ask, PERIOD);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", onWaking);
  const heard = () => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const stop = () => {
    heard();
    clearInterval(period);
    removeEventListener("online", ask);
    document.removeEventListener("visibilitychange", onWaking);
  };
  return { heard, stop };
}
