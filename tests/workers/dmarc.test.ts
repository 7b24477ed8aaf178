/** A message that is not from where it says is treated as the domain in From asks (RFC 9989), or let pass. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { SpamVerdict } from "../../contract/spam.ts";
import { acceptMail } from "../../workers/inbound/accept-mail.ts";
import { deliverWaiting } from "../../workers/inbound/waiting-letters.ts";
import { short } from "./answers.ts";
import { ok } from "./api-answers.ts";
import { breaks, loses, storedBytes, waitingNotes, withFaults } from "./faults.ts";
import { by, FAILS, newest, PASSES } from "./gateway-says.ts";
import { type Account, aDomain, aLetter, anAccount, asAdmin, ingest, lines } from "./mesh.ts";

const ZOE = "zoe@far.example";

afterEach(() => delete env.TRUSTED_ARC_SEALERS);

/** To the trash, and out of it. */
async function deleteNewest(account: Account, role: "inbox" | "junk"): Promise<void> {
  const [message] = await account.messages(role);
  const remove = async () => (await account.call("DELETE", `/messages/${message?.id}`)).ok;
  expect([await remove(), await remove()]).toEqual([true, true]);
}

describe("what the domain in From asks for", () => {
  it("reject: it is refused, and nothing is kept", async () => {
    const alice = await anAccount();
    expect(await ingest(ZOE, alice.email, aLetter(), by(FAILS("reject")))).toMatchObject([
      { outcome: "refused", reason: "sender_forged", smtp: { code: 550, status: "5.7.1" } },
    ]);
    expect(await storedBytes(alice)).toEqual([]);
    expect([...(await alice.messages()), ...(await alice.messages("junk"))]).toEqual([]);
  });

  it("reject, where the recipient's domain only marks: it is junk, with a warning", async () => {
    const domain = await aDomain();
    const alice = await anAccount(domain);
    expect((await asAdmin("PATCH", `/domains/${domain}/policy`, { dmarc_reject: "mark" })).status).toBe(200);
    expect(short(await ingest(ZOE, alice.email, aLetter(), by(FAILS("reject"))))).toEqual(["accepted"]);
    const { message } = await newest(alice, "junk");
    expect(message.authentication).toMatchObject({ sender: "forged", dmarc: { result: "fail", policy: "reject" } });
    expect(message.warnings).toContainEqual({
      reason: "sender_forged",
      subject: "far.example",
      words: "far.example says that this message is not from there.",
    });
  });

  it("reject, to one domain that refuses and one that marks: both have it as junk, and nobody no one", async () => {
    const [strict, lax] = [await anAccount(), await anAccount()];
    const domain = lax.email.slice(lax.email.indexOf("@") + 1);
    await asAdmin("PATCH", `/domains/${domain}/policy`, { dmarc_reject: "mark" });
    const to = [strict.email, lax.email, `nobody@${domain}`];
    expect(short(await ingest(ZOE, to, aLetter(), by(FAILS("reject"))))).toEqual(["accepted", "accepted", "550 5.1.1"]);
    expect(await strict.messages("junk")).toHaveLength(1);
    expect(await lax.messages("junk")).toHaveLength(1);
  });

  it("quarantine: it is junk", async () => {
    const alice = await anAccount();
    expect(short(await ingest(ZOE, alice.email, aLetter(), by(FAILS("quarantine"))))).toEqual(["accepted"]);
    expect(await alice.messages()).toEqual([]);
    const [junk] = await alice.messages("junk");
    // Whoever asks why it is there hears it, however much it reads like mail.
    const why = await ok(alice.call("GET", `/messages/${junk?.id}/spam`), SpamVerdict);
    expect(why.is_spam).toBe(true);
    expect(why.tests.map(({ name }) => name)).toContain("sender_forged");
    expect(why.score).toBeGreaterThanOrEqual(why.threshold);
  });

  it("quarantine: a copy that somebody else sends first does not keep out the message itself", async () => {
    const alice = await anAccount();
    const letter = aLetter({ subject: "For everybody" });
    await ingest("x@evil.example", alice.email, letter, by(FAILS("quarantine")));
    for (let again = 0; again < 2; again++) {
      expect(short(await ingest(ZOE, alice.email, letter, by(PASSES)))).toEqual(["accepted"]);
      expect((await newest(alice)).message).toMatchObject({
        subject: "For everybody",
        authentication: { sender: "verified" },
      });
      expect(await alice.messages()).toHaveLength(1);
    }
    await ingest("x@evil.example", alice.email, letter, by(FAILS("quarantine")));
    expect(await alice.messages("junk")).toHaveLength(1);
  });

  it("quarantine: nor does it when it was deleted meanwhile, and it does not come back itself", async () => {
    const alice = await anAccount();
    const letter = aLetter({ subject: "For everybody" });
    const forge = () => ingest("x@evil.example", alice.email, letter, by(FAILS("quarantine")));
    await forge();
    await deleteNewest(alice, "junk");
    await forge();
    expect(await alice.messages("junk")).toEqual([]);
    await ingest(ZOE, alice.email, letter, by(PASSES));
    expect((await newest(alice)).message.authentication).toMatchObject({ sender: "verified" });
    await deleteNewest(alice, "inbox");
    await ingest(ZOE, alice.email, letter, by(PASSES));
    await forge();
    expect([...(await alice.messages()), ...(await alice.messages("junk"))]).toEqual([]);
  });

  it("quarantine: what its owner deleted does not come back because a forged copy is still in junk", async () => {
    const alice = await anAccount();
    const letter = aLetter({ subject: "For everybody" });
    await ingest("x@evil.example", alice.email, letter, by(FAILS("quarantine")));
    await ingest(ZOE, alice.email, letter, by(PASSES));
    await deleteNewest(alice, "inbox");
    await ingest(ZOE, alice.email, letter, by(PASSES));
    expect(await alice.messages()).toEqual([]);
  });

  it("none: it is mail like any other", async () => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter(), by(FAILS("none")));
    expect((await newest(alice)).message.authentication).toMatchObject({ sender: "unverified" });
  });
});

describe("a forwarder that seals", () => {
  const sealedBy = (domain: string) =>
    lines(
      `ARC-Seal: i=1; a=rsa-sha256; cv=none; d=${domain}; s=arc; b=x`,
      `ARC-Message-Signature: i=1; a=rsa-sha256; d=${domain}; s=arc; h=from; bh=x; b=x`,
      `ARC-Authentication-Results: i=1; mx.${domain}; dmarc=pass header.from=far.example`,
    );
  const said = (arc: string) => by(`${FAILS("reject")}; arc=${arc}`);

  it.each([
    ["is trusted", undefined, "google.com", "pass", "accepted"],
    ["is not", undefined, "lists.example", "pass", "550 5.7.1"],
    ["is trusted here", "lists.example, other.example", "lists.example", "pass", "accepted"],
    ["is trusted elsewhere", "lists.example", "google.com", "pass", "550 5.7.1"],
    ["is one of nobody's", "none", "google.com", "pass", "550 5.7.1"],
    ["did not seal this", undefined, "google.com", "fail", "550 5.7.1"],
    ["says so itself", undefined, "google.com", "none", "550 5.7.1"],
  ])("%s", async (_what, trusted, sealer, arc, expected) => {
    if (trusted !== undefined) env.TRUSTED_ARC_SEALERS = trusted;
    const alice = await anAccount();
    const letter = aLetter({ extra: sealedBy(sealer) });
    expect(short(await ingest(ZOE, alice.email, letter, said(arc)))).toEqual([expected]);
    if (expected !== "accepted") return;
    const { message, raw } = await newest(alice);
    expect(message.authentication).toMatchObject({
      sender: "unverified",
      override: "trusted_forwarder",
      arc: { result: "pass", domain: sealer },
    });
    expect(raw).toContain('dmarc=fail reason="let pass for a trusted forwarder"');
  });
});

it("a letter that waits for its Mailbox keeps what was found out about it", async () => {
  const alice = await anAccount();
  const bytes = new Uint8Array(new TextEncoder().encode(aLetter()));
  const faulty = withFaults({ MAILBOX: { deliver: breaks }, INBOUND: { send: loses } });
  const hop = {
    authserv_id: "mx.gateway.test",
    results: [
      {
        method: "dmarc",
        result: "fail",
        reason: null,
        properties: new Map([["policy.dmarc", "quarantine"]]),
        comments: [],
      },
    ],
  };
  expect(short(await acceptMail(faulty, { mail_from: ZOE, rcpt_to: [alice.email] }, bytes, {}, { hop }))).toEqual([
    "accepted",
  ]);
  const [waiting_key = ""] = await waitingNotes(alice);
  await deliverWaiting(env, { waiting_key });
  const { message } = await newest(alice, "junk");
  expect(message.authentication).toMatchObject({ by: "mx.gateway.test", sender: "forged" });
  expect(message.warnings).toMatchObject([{ reason: "sender_forged" }]);
});
