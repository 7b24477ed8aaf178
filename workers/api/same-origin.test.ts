import { expect, it } from "vitest";
import { isSameOrigin } from "./same-origin.ts";

const isTaken = (url: string, origin: string | null, upgrade = false) =>
  isSameOrigin(
    new Request(url, {
      method: upgrade ? "GET" : "POST",
      headers: { ...(origin === null ? {} : { origin }), ...(upgrade ? { upgrade: "websocket" } : {}) },
    }),
  );

it.each([false, true])("takes what a page of ours asks for, and nobody else (WebSocket: %s)", (upgrade) => {
  expect(isTaken("https://mail.example/v1/events", "https://mail.example", upgrade)).toBe(true);
  for (const origin of [null, "null", "", "https://mail.example.evil.example", "https://mail.example:8443"])
    expect(isTaken("https://mail.example/v1/events", origin, upgrade), String(origin)).toBe(false);
});

it("takes nothing from a page that came without TLS where this is asked with it, and lets TLS end in front of us", () => {
  expect(isTaken("https://mail.example/v1/folders", "http://mail.example")).toBe(false);
  expect(isTaken("http://mail.example/v1/folders", "https://mail.example")).toBe(true);
  expect(isTaken("http://127.0.0.1:8787/v1/folders", "http://127.0.0.1:8787")).toBe(true);
});
