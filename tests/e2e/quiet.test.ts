/** What the operator reads on the terminal while strangers knock: nothing that only a stranger could mend. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, logIn, type Service, startService } from "../support/service.ts";

let service: Service;
let token: string;
let quiet: string;

beforeAll(async () => {
  service = await startService();
  ({ token } = await logIn(service, "alice@mesh.test"));
  quiet = service.output();
});
afterAll(async () => {
  await service.stop();
});

async function send(request: string): Promise<Socket> {
  const socket = connect(service.http, "127.0.0.1");
  // What the server does to a bad peer's connection is not the subject.
  socket.on("error", () => undefined);
  socket.write(request);
  await once(socket, "data");
  return socket;
}

const UPGRADE =
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const listen = () => send(`GET /v1/events HTTP/1.1\r\nHost: mesh.test\r\nAuthorization: Bearer ${token}\r\n${UPGRADE}`);

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The runtime reports what ended a socket when the socket's object goes to sleep, 10 s after its last event. */
const FALLEN_ASLEEP_MS = 13_000;

it("peers that break the protocol, or vanish, are no lines", async () => {
  const frames = [
    [0xff, 0x80, 0, 0, 0, 0], // reserved bits
    [0x83, 0x80, 0, 0, 0, 0], // an opcode that there is not
    [0x80, 0x80, 0, 0, 0, 0], // the continuation of nothing
    [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], // 2^63 bytes
  ];
  for (const frame of frames) {
    const socket = await listen();
    socket.write(Buffer.from(frame));
    await sleep(100);
    socket.destroy();
  }
  const half = await listen();
  half.write(Buffer.from([0x81, 0xfe, 0, 200]), () => half.resetAndDestroy());
  (await send("CONNECT mesh.test:1 HTTP/1.1\r\nHost: mesh.test\r\n\r\n")).destroy();
  await sleep(FALLEN_ASLEEP_MS);
  expect(service.output()).toBe(quiet);
});

it("answers that say no are no lines, on whatever way they come", async () => {
  const answers = [
    call(service, "GET", "/v1/messages/m1", { token }),
    call(service, "POST", "/v1/folders", { token, body: { name: "Inbox" } }),
    call(service, "GET", "/v1/folders", { token: `${token}x` }),
    call(service, "GET", "/v1/folders", { token: "u0123456789abcdef.x" }),
    call(service, "GET", "/v1/changes?since=999999999", { token }),
    call(service, "POST", "/v1/sessions", { body: { email: "alice@mesh.test", password: "wrong password" } }),
  ];
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 409, 401, 401, 400, 401]);
  await sleep(1_000);
  expect(service.output()).toBe(quiet);
});
