/** A live connection of an account, for tests of what ends it. What it tells is tested in events.test.ts. */
import { expect } from "vitest";
import { type ChangedResource, type Changes, LiveEvent } from "../../contract/changes.ts";
import { type Account, eventually, fetchMesh } from "./mesh.ts";

export async function liveOf({ token }: Pick<Account, "token">) {
  const answer = await fetchMesh("/v1/events", { headers: { upgrade: "websocket", authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(101);
  const socket = answer.webSocket;
  if (socket === null) throw new Error("no socket");
  const events: LiveEvent[] = [];
  const codes: number[] = [];
  socket.addEventListener("message", ({ data }) => {
    events.push(LiveEvent.parse(JSON.parse(String(data))));
  });
  socket.addEventListener("close", ({ code }) => {
    codes.push(code);
  });
  socket.accept();
  await eventually(async () => events.length > 0);
  return {
    close: () => socket.close(),
    closedWith: (code: number) => eventually(async () => codes.includes(code)),
    hears: (type: "folder" | "message") =>
      eventually(async () => events.some((event) => event.type === "changes" && isAny(event[type]))),
    hearsOf: (resource: ChangedResource) =>
      eventually(async () => events.some((event) => event.type === "changes" && event.resources.includes(resource))),
  };
}

const isAny = ({ created, changed, destroyed }: Changes["message"]): boolean =>
  created.length + changed.length + destroyed.length > 0;
