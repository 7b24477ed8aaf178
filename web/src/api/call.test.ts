import { afterEach, expect, it } from "vitest";
import { speak } from "../language/i18n.ts";
import { Refused } from "./call.ts";

/** In Node there is no page whose language could be set. */
Object.assign(globalThis, { document: { documentElement: {} } });
afterEach(() => speak("en"));

const full = { reason: "over_quota", title: "The mailbox is full", detail: "The mailbox is full: delete messages." };
const issues = [{ at: "body.to.0.email", message: "zoe@far.example: mail to it failed for good" }];
const suppressed = { reason: "suppressed_recipients", detail: "ignore_suppressed sends it all the same.", issues };

it("says a refusal in the reader's language, and what to do", async () => {
  expect(new Refused(403, full).message).toBe(
    "Your mailbox is full. Delete large messages and empty the trash, or ask for more room.",
  );
  await speak("de");
  expect(new Refused(403, full).message).toMatch(/^Dein Postfach ist voll/);
  expect(new Refused(409, suppressed).message).toMatch(
    /^Niemand hat sie bekommen: zoe@far\.example: mail to it .* Nimm diese Adressen heraus, oder sende trotzdem\.$/,
  );
});

it("leaves what has facts in it to the server's words, and names a status where there are none", () => {
  const limit = { reason: "sending_limit", title: "Too many", detail: "This account may write to 50 people a day." };
  expect(new Refused(429, limit).message).toBe(limit.detail);
  expect(new Refused(502, {}).message).toBe("The server answered 502.");
});
