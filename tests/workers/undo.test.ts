/** The undo window that a send has when it asks for none. */
import { describe, expect, it } from "vitest";
import { Settings } from "../../contract/settings.ts";
import { ok, problemAt } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aDomain, asAdmin, logIn, PASSWORD } from "./mesh.ts";
import { reaches, relayThrough, send, submissionOf, taken } from "./outgoing.ts";

const BOB = "bob@far.example";

const secondsToWait = async (account: Account, more: object): Promise<number> => {
  const { created_at, send_at } = await submissionOf(account, await send(account, [BOB], more));
  return Math.abs(Math.round((Date.parse(send_at) - Date.parse(created_at)) / 1000));
};

describe("a send that names no time", () => {
  it("can be undone for ten seconds where its owner chose nothing", async () => {
    const email = `new@${await aDomain()}`;
    await asAdmin("POST", "/accounts", { email, name: "New", password: PASSWORD });
    const account = await logIn(email);
    expect(await ok(account.call("GET", "/settings"), Settings)).toMatchObject({ undo_seconds: 10 });
    expect(await secondsToWait(account, {})).toBe(10);
    expect(await secondsToWait(account, { undo_seconds: 3 })).toBe(3);
    expect(await secondsToWait(account, { undo_seconds: 0 })).toBe(0);
    // Scheduled: the time says it all.
    expect(await secondsToWait(account, { send_at: new Date(Date.now() + 5_000).toISOString() })).toBe(5);
  });

  it("waits for as long as its owner chose, and then leaves", async () => {
    const alice = await aCheckedAccount();
    const peer = await relayThrough();
    await ok(alice.call("PATCH", "/settings", { undo_seconds: 1 }), Settings);
    const sent = await send(alice, [BOB]);
    expect(await submissionOf(alice, sent)).toMatchObject({ state: "queued", can_undo: true });
    expect(await peer.sessions()).toEqual([]);
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toHaveLength(1);
  });

  it("takes no window beyond two minutes, and none that is no whole number", async () => {
    const alice = await aCheckedAccount();
    for (const undo_seconds of [-1, 121, 1.5, "10", null]) {
      expect(await problemAt(alice.call("PATCH", "/settings", { undo_seconds }))).toBe("bad_request body.undo_seconds");
    }
  });
});
