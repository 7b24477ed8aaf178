/**
 * Which of the runtime's own lines are for the operator. workerd reports a peer that breaks a protocol in the words of a
 * crash, "Uncaught exception", one line for each such peer; the peer has its answer by then, and nobody here can mend it.
 */

const ALWAYS = new Set(["error", "warn"]);

/** Whole shapes and not single words, so that a fault of ours that mentions the same is still said. */
const MISTAKES_OF_PEERS = [
  // A WebSocket frame against RFC 6455 §5.2, or longer than the runtime takes: the client was sent 1002 or 1009.
  /^Uncaught exception: kj\/compat\/http\.c\+\+:\d+: failed: remote\.jsg\.Error: WebSocket protocol error; protocolError\.statusCode = \d+; protocolError\.description = [^;\n]*$/,
  // A WebSocket client went away without a word. `disconnected` is kj's kind of exception for that, and for no failure.
  /^Uncaught exception: kj\/compat\/http\.c\+\+:\d+: disconnected: WebSocket [^\n]*$/,
  // CONNECT (RFC 9110 §9.3.6), as those send it who look for open proxies.
  /^Uncaught exception: workerd\/api\/global-scope\.c\+\+:\d+: failed: remote\.jsg\.Error: Handler does not export a connect\(\) function\.$/,
];

export function isForOperator({ level, message }: { level: string; message: string }): boolean {
  return ALWAYS.has(level) && !MISTAKES_OF_PEERS.some((shape) => shape.test(message));
}
