/** What the mesh sends by itself never goes round: notices, forwards and what comes back of them (RFC 3834 §2). */
import { afterEach, describe, expect, it } from "vitest";
import { letLeave, waitingFollowUps } from "./follow-up-mail.ts";
import { comeHome, goAway } from "./going-away.ts";
import { type Account, aDomain, aLetter, anAccount, ingest } from "./mesh.ts";
import { alarmAfter, queueForgets, relayThrough, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";

afterEach(comeHome);

describe("a loop", () => {
  /** Rings all alarms and works off all queues until nothing happens any more. */
  async function settle(...accounts: Account[]): Promise<void> {
    for (let round = 0; round < 6; round++)
      for (const account of accounts) await letLeave(account).catch(() => undefined);
  }

  it("between two who are away ends with one notice", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    queueForgets();
    await goAway(alice);
    await goAway(bob);
    await ingest(bob.email, alice.email, aLetter({ from: bob.email, to: alice.email }));
    await settle(alice, bob);
    expect((await alice.messages("all")).length).toBe(1);
    expect((await bob.messages("all")).map(({ subject }) => subject)).toEqual(["Auto: Hello"]);
  });

  it("of two who forward to each other ends where it began", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    queueForgets();
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const actions = { forward_to: [to.email] };
      await from.call("POST", "/filters", { conditions: { query: "in:anywhere" }, actions });
    }
    await ingest(ZOE, alice.email, aLetter());
    await settle(alice, bob);
    expect((await alice.messages("all")).length).toBe(1);
    expect((await bob.messages("all")).length).toBe(1);
    expect([...(await waitingFollowUps(alice)), ...(await waitingFollowUps(bob))]).toEqual([]);
  });

  it("in which somebody changes the message ends as well, by Delivered-To", async () => {
    queueForgets();
    const alice = await anAccount();
    const filter = { conditions: { query: "in:anywhere" }, actions: { forward_to: ["ann@else.example"] } };
    await alice.call("POST", "/filters", filter);
    const peer = await relayThrough();
    await ingest(ZOE, alice.email, aLetter());
    await letLeave(alice);
    const back = new TextDecoder().decode(await peer.body());
    await ingest(ZOE, alice.email, `${back}Changed by a list.\r\n`);
    expect((await alice.messages()).length).toBe(2);
    expect(await waitingFollowUps(alice)).toEqual([]);
  });

  it("of a forward that bounces to the forwarder ends with the bounce", async () => {
    queueForgets();
    const alice = await anAccount();
    const filter = { conditions: { query: "in:anywhere" }, actions: { forward_to: ["ann@else.example"] } };
    await alice.call("POST", "/filters", filter);
    const peer = await relayThrough();
    await ingest(ZOE, alice.email, aLetter());
    await letLeave(alice);
    const [{ mail_from } = { mail_from: "" }] = await taken(peer);
    // One that names nothing: only the address that it comes to says what it is about.
    await ingest("", mail_from, aLetter({ from: "postmaster@else.example", subject: "Undeliverable" }));
    await alarmAfter(1, alice.stub);
    await letLeave(alice).catch(() => undefined);
    // It went on, from nobody: whatever comes of that has nowhere to come back to.
    for (const envelope of (await taken(peer)).slice(1)) expect(envelope.mail_from).toBe("");
  });
});
