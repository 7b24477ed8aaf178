/** Who a message is really from: what the hop in front of the mesh found out, and nothing that the sender wrote. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../../contract/problem.ts";
import { putAlias, short } from "./answers.ts";
import { atEmailDoor } from "./doors.ts";
import { by, FAILS, newest, PASSES } from "./gateway-says.ts";
import { aDomain, aLetter, anAccount, asAdmin, eventually, ingest, ingestRaw, lines } from "./mesh.ts";
import { attemptAfter, queueForgets, reaches, relayThrough, send } from "./outgoing.ts";

const ZOE = "zoe@far.example";
/** As Cloudflare's runtime gives it to the Worker: without what says that it is one machine. */
const { DEPLOYMENT: _local, ...EDGE } = env;

describe("what the gateway says", () => {
  it("is on the message, and in front of its bytes under our own name", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await ingest(ZOE, alice.email, letter, by(PASSES));
    const { message, raw } = await newest(alice);
    expect(message.authentication).toEqual({
      by: "mx.gateway.test",
      sender: "verified",
      spf: { result: "none", domain: null },
      dkim: [{ result: "pass", domain: "far.example", selector: "s1" }],
      dmarc: { result: "pass", domain: "far.example", policy: "reject" },
      arc: null,
      override: null,
    });
    expect(message.warnings.map(({ reason }) => reason)).not.toContain("sender_forged");
    expect(raw).toMatch(
      /^Return-Path: <zoe@far\.example>\r\nAuthentication-Results: mailmesh\.invalid;\r\n\tdkim=pass header\.d=far\.example header\.s=s1;\r\n\tdmarc=pass [^\r]+;\r\n\tspf=none\r\nReceived: /,
    );
    expect(raw.endsWith(letter)).toBe(true);
  });

  it("is not there when it says nothing", async () => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter());
    const { message, raw } = await newest(alice);
    expect(message.authentication).toBeNull();
    expect(raw).not.toContain("Authentication-Results");
  });

  it("must be a field's value, or the message is not taken", async () => {
    const alice = await anAccount();
    for (const value of ["", " ", "; spf=pass", "mx.test 2; spf=pass", "x".repeat(17_000)]) {
      const answer = await ingestRaw(ZOE, alice.email, aLetter(), { "authentication-results": value });
      expect(answer.status).toBe(400);
      expect(Problem.parse(await answer.json()).issues?.[0]?.at).toBe("header.authentication-results");
    }
    expect(await alice.messages()).toEqual([]);
  });

  it("may be any text that a header of HTTP can be, and is answered", async () => {
    const alice = await anAccount();
    const words = fc.constantFrom(
      "mx.test",
      ";",
      " ",
      "=",
      "(",
      ")",
      '"',
      "\\",
      "dmarc=fail",
      "header.from",
      "ü",
      "arc=pass",
    );
    const texts = fc.array(words, { maxLength: 30 }).map((all) => all.join(""));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const answer = await ingestRaw(ZOE, alice.email, aLetter(), { "authentication-results": text });
        expect([200, 400]).toContain(answer.status);
        await answer.body?.cancel();
      }),
      { numRuns: 60 },
    );
  });
});

/** What Cloudflare puts in front, as in mail/authentication/cloudflare-results.ts. */
const cloudflare = (dmarc: string) =>
  lines(
    "Received: from mx.far.example (192.0.2.7)",
    "        by cloudflare-email.net (cloudflare) id GY1K for <x@y.test>; Sun, 14 Jun 2026 21:02:54 +0000",
    "ARC-Seal: i=1; a=rsa-sha256; s=cf2024-1; d=cloudflare-email.net; cv=none; b=x",
    "Authentication-Results: mx.cloudflare.net;",
    `\tdkim=pass header.d=far.example header.s=s1; dmarc=${dmarc} header.from=far.example policy.dmarc=reject;`,
    "\tspf=pass (mx.cloudflare.net: domain of zoe@far.example designates 192.0.2.7) smtp.mailfrom=zoe@far.example;",
    "\tarc=none smtp.remote-ip=192.0.2.7",
  );

describe("behind Cloudflare", () => {
  it("its own field says who the message is from", async () => {
    const alice = await anAccount();
    expect(await atEmailDoor(EDGE, ZOE, [alice.email], cloudflare("pass") + aLetter())).toEqual(["accepted"]);
    const { message, raw } = await newest(alice);
    expect(message.authentication).toMatchObject({
      by: "mx.cloudflare.net",
      sender: "verified",
      spf: { result: "pass", domain: "far.example" },
    });
    expect(raw).toContain("Authentication-Results: mailmesh.invalid;\r\n\tdkim=pass");
  });

  it("what fails is refused, as the domain in From asks", async () => {
    const alice = await anAccount();
    expect(await atEmailDoor(EDGE, ZOE, [alice.email], cloudflare("fail") + aLetter())).toEqual(["550 5.7.1"]);
    expect(await alice.messages()).toEqual([]);
  });

  it("a message without its field is from anybody, and on one machine every message is", async () => {
    const alice = await anAccount();
    await atEmailDoor(EDGE, ZOE, [alice.email], aLetter({ subject: "bare" }));
    expect((await newest(alice)).message).toMatchObject({ subject: "bare", authentication: null });
    await atEmailDoor(env, ZOE, [alice.email], cloudflare("pass") + aLetter({ subject: "local" }));
    expect((await newest(alice)).message).toMatchObject({ subject: "local", authentication: null });
  });
});

describe("a forged field changes nothing", () => {
  const forged = [
    ["under our name", "Authentication-Results: mailmesh.invalid; dmarc=pass header.from=far.example\r\n"],
    [
      "under our name in capitals, folded",
      "AUTHENTICATION-RESULTS: (hi)\r\n MailMesh.INVALID;\r\n\tdkim=pass header.d=far.example\r\n",
    ],
    ["under the gateway's name", "Authentication-Results: mx.gateway.test; dmarc=pass header.from=far.example\r\n"],
    ["under Cloudflare's name", "Authentication-Results: mx.cloudflare.net; dmarc=pass header.from=far.example\r\n"],
    ["with all that Cloudflare writes", cloudflare("pass")],
    [
      "as an ARC set",
      "ARC-Seal: i=1; d=google.com; s=x; cv=none; b=x\r\nARC-Message-Signature: i=1; d=google.com; b=x\r\nARC-Authentication-Results: i=1; mx.google.com; dmarc=pass header.from=far.example\r\n",
    ],
    ["in front of the body", "Subject: x\r\n\r\nAuthentication-Results: mailmesh.invalid; dmarc=pass\r\n"],
  ] as const;

  it.each(forged)("at the gateway's door, %s", async (_what, extra) => {
    const alice = await anAccount();
    await ingest(ZOE, alice.email, aLetter(), by(FAILS("none")));
    const { authentication } = (await newest(alice)).message;
    await ingest(ZOE, alice.email, aLetter({ extra, subject: "forged" }), by(FAILS("none")));
    const { message, raw } = await newest(alice);
    expect(message.authentication).toEqual(authentication);
    expect(raw.match(/^authentication-results:\s*(?:\(.*\)\s*)?mailmesh/gim)?.length).toBe(
      extra.includes("\r\n\r\n") ? 2 : 1,
    );
    await ingest(ZOE, alice.email, aLetter({ extra, subject: "nobody looked" }));
    expect((await newest(alice)).message).toMatchObject({ authentication: null });
  });

  it.each(forged)("at Cloudflare's door, %s", async (_what, extra) => {
    const alice = await anAccount();
    expect(await atEmailDoor(EDGE, ZOE, [alice.email], cloudflare("fail") + aLetter({ extra }))).toEqual(["550 5.7.1"]);
    const refused = cloudflare("fail").replace("policy.dmarc=reject", "policy.dmarc=none");
    await atEmailDoor(EDGE, ZOE, [alice.email], refused + aLetter({ extra }));
    expect((await newest(alice)).message.authentication).toMatchObject({
      sender: "unverified",
      dmarc: { result: "fail" },
    });
  });

  it("and a repeat of the message with it is the same message", async () => {
    const alice = await anAccount();
    const letter = aLetter();
    await ingest(ZOE, alice.email, letter, by(PASSES));
    await ingest(ZOE, alice.email, `${forged[0][1]}${letter}`, by(PASSES));
    expect(await alice.messages()).toHaveLength(1);
  });
});

describe("mail between accounts of this mesh", () => {
  it("is from the account that sent it, whose address is in From", async () => {
    const [alice, bob] = [await anAccount(), await anAccount()];
    await reaches(alice, await send(alice, [bob.email], { undo_seconds: 0 }), "delivered");
    const { message } = await newest(bob);
    const domain = alice.email.slice(alice.email.indexOf("@") + 1);
    expect(message.authentication).toMatchObject({ by: "mailmesh.invalid", sender: "verified", dmarc: { domain } });
  });

  it("is from an alias of the account too", async () => {
    const [alice, bob, domain] = [await anAccount(), await anAccount(), await aDomain()];
    await putAlias(`info@${domain}`, alice.email);
    const sent = await send(alice, [bob.email], { from: { email: `info@${domain}` }, undo_seconds: 0 });
    await reaches(alice, sent, "delivered");
    expect((await newest(bob)).message.authentication).toMatchObject({ sender: "verified", dmarc: { domain } });
  });

  it("that is only passed on is from nobody in particular, whoever it says it is from", async () => {
    await relayThrough();
    queueForgets();
    const [domain, later] = [await aDomain(), `later-${crypto.randomUUID().slice(0, 8)}.test`];
    await putAlias(`ann@${domain}`, `bob@${later}`);
    const extra = "Authentication-Results: mailmesh.invalid; dmarc=pass\r\n";
    const forged = aLetter({ from: `postmaster@${domain}`, extra });
    expect(short(await ingest(`postmaster@${domain}`, `ann@${domain}`, forged))).toEqual(["accepted"]);
    await asAdmin("POST", "/domains", { name: later });
    const bob = await anAccount(later, "bob");
    const forwarder = env.MAILBOX.getByName(await env.DOMAIN.getByName(domain).forwarder());
    await attemptAfter(0, forwarder);
    await eventually(async () => (await bob.messages()).length > 0);
    const { message, raw } = await newest(bob);
    expect(message.authentication).toBeNull();
    expect(raw).not.toContain("Authentication-Results");
  });
});
