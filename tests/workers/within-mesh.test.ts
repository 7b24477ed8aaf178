/** The short cut between accounts of this mesh refuses what the door from outside refuses, and whoever sent is told. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_HOPS, MAX_MESSAGE_BYTES } from "../../contract/limits.ts";
import { putAlias, short } from "./answers.ts";
import { done } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { aDomain, aLetter, anAccount, asAdmin, eventually, ingest } from "./mesh.ts";
import { attemptAfter, queueForgets, reaches, relayThrough, reports, send, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const setQuota = (email: string, quota_bytes: number) =>
  done(asAdmin("PUT", `/accounts/${encodeURIComponent(email)}/quota`, { quota_bytes }));

describe("a message to a full mailbox of the mesh", () => {
  it("is put off in the words that a server outside would hear, and arrives when there is room", async () => {
    const [alice, bob] = [await aCheckedAccount(), await aCheckedAccount()];
    await setQuota(bob.email, 1);
    expect(await ingest(ZOE, bob.email, aLetter())).toMatchObject([{ outcome: "refused", smtp: { code: 452 } }]);
    const sent = await send(alice, [bob.email], { undo_seconds: 0 });
    const { recipients } = await reaches(alice, sent, "deferred");
    expect(recipients).toMatchObject([{ status: "4.2.2", reply: expect.stringMatching(/^452 4\.2\.2 /) }]);
    await setQuota(bob.email, 0);
    await reaches(alice, sent, "delivered");
    expect(await bob.messages()).toHaveLength(1);
    expect(await reports(alice)).toEqual([]);
  });
});

/** What an alias passes on to an address that became one of this mesh while it waited in the outbox. */
async function passedOnToUs(raw: string | Uint8Array) {
  const peer = await relayThrough();
  queueForgets();
  const [domain, later] = [await aDomain(), `later-${crypto.randomUUID().slice(0, 8)}.test`];
  await putAlias(`ann@${domain}`, `bob@${later}`);
  expect(short(await ingest(ZOE, `ann@${domain}`, raw))).toEqual(["accepted"]);
  expect((await asAdmin("POST", "/domains", { name: later })).status).toBe(201);
  const bob = await anAccount(later, "bob");
  const forwarder = env.MAILBOX.getByName(await env.DOMAIN.getByName(domain).forwarder());
  await attemptAfter(1, forwarder);
  // The report to whoever wrote it leaves by the same outbox.
  await attemptAfter(2, forwarder);
  const [told] = await eventually(async () => (await taken(peer)).length > 0 && taken(peer));
  return { bob, direct: bob.email, told, report: new TextDecoder().decode(await peer.body()) };
}

describe("a message that comes back into the mesh", () => {
  it("with too many hops is refused as a loop, at the door and within", async () => {
    const raw = `${"Received: by hop\r\n".repeat(MAX_HOPS)}${aLetter()}`;
    const { bob, direct, told, report } = await passedOnToUs(raw);
    expect(await ingest(ZOE, direct, `Received: by one more\r\n${raw}`)).toMatchObject([{ reason: "mail_loop" }]);
    expect(await bob.messages()).toEqual([]);
    expect(told).toEqual({ mail_from: "", rcpt_to: [ZOE] });
    expect(report).toMatch(/\r\nStatus: 5\.4\.6\r\n/);
  });

  it("and is too large by then is refused for its size, at the door and within", async () => {
    const head = aLetter();
    const raw = new Uint8Array(MAX_MESSAGE_BYTES).fill(0x61);
    for (let at = 77; at < raw.length; at += 78) raw.set([0x0d, 0x0a], at - 1);
    raw.set(new TextEncoder().encode(head));
    const { bob, direct, told, report } = await passedOnToUs(raw);
    const larger = new Uint8Array(MAX_MESSAGE_BYTES + 1).fill(0x61);
    expect(await ingest(ZOE, direct, larger)).toMatchObject([{ reason: "message_too_large" }]);
    expect(await bob.messages()).toEqual([]);
    expect(told).toEqual({ mail_from: "", rcpt_to: [ZOE] });
    expect(report).toMatch(/\r\nStatus: 5\.3\.4\r\n/);
  });
});
