import { describe, expect, it } from "vitest";
import { isForOperator } from "./runtime-log.ts";

const WEBSOCKET = "kj/compat/http.c++:6212: failed: remote.jsg.Error: WebSocket protocol error";

describe("a peer's mistake is not said", () => {
  it.each([
    [
      `Uncaught exception: ${WEBSOCKET}; protocolError.statusCode = 1002; protocolError.description = Received frame had RSV bits 2 or 3 set`,
    ],
    [
      `Uncaught exception: ${WEBSOCKET}; protocolError.statusCode = 1009; protocolError.description = Message is too large: 67108864 > 33554432`,
    ],
    [
      "Uncaught exception: kj/compat/http.c++:6150: disconnected: WebSocket disconnected between frames without sending `Close`.",
    ],
    [
      "Uncaught exception: workerd/api/global-scope.c++:286: failed: remote.jsg.Error: Handler does not export a connect() function.",
    ],
  ])("%s", (message) => expect(isForOperator({ level: "error", message })).toBe(false));
});

describe("a fault is said", () => {
  it.each([
    ["Uncaught exception: kj/compat/http.c++:6212: failed: expected !closed"],
    ["Uncaught exception: kj/compat/http.c++:5700: disconnected: HTTP connection closed by remote service"],
    ["Uncaught exception: workerd/api/global-scope.c++:286: failed: remote.jsg.TypeError: x is not a function"],
    ["Uncaught exception: kj/async-io-unix.c++:186: disconnected: connect(): Connection refused"],
    ["uncaught exception; source = Uncaught (in promise); stack = TypeError: x is not a function"],
    ["request failed { error: Error: WebSocket protocol error }"],
    [`request failed { error: Uncaught exception: ${WEBSOCKET}; protocolError.statusCode = 1002 }`],
    ["*** Received signal #11: Segmentation fault"],
  ])("%s", (message) => expect(isForOperator({ level: "error", message })).toBe(true));

  it("and so is a warning, but no chatter", () => {
    expect(isForOperator({ level: "warn", message: "the mailbox does not answer" })).toBe(true);
    expect(isForOperator({ level: "info", message: "x" })).toBe(false);
    expect(isForOperator({ level: "log", message: "x" })).toBe(false);
  });
});
