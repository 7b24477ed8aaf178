/** Mail leaves by its sender's domain's relay, and else by the deployment's. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DomainRelay } from "../../contract/admin.ts";
import { Problem } from "../../contract/problem.ts";
import { type Peer, startPeer } from "../smtp-peers/peer.ts";
import { putAlias } from "./answers.ts";
import { ok } from "./api-answers.ts";
import { aDomain, aLetter, anAccount, asAdmin, eventually, ingest } from "./mesh.ts";
import { bounceAddressOf, reaches, relayThrough, send, taken } from "./outgoing.ts";

const ZOE = "zoe@far.example";

const setRelay = (domain: string, url: string | null) =>
  ok(asAdmin("PUT", `/domains/${domain}/relay`, { url }), DomainRelay);

const urlOf = ({ port }: Peer) => `smtp://127.0.0.1:${port}`;

/** A domain with a relay of its own. */
async function aDomainWithRelay() {
  const [domain, peer] = await Promise.all([aDomain(), startPeer()]);
  await setRelay(domain, urlOf(peer));
  return { domain, peer };
}

describe("mail of two domains with a relay each, and of a third without", () => {
  it("leaves by its own relay and by no other", async () => {
    const deployment = await relayThrough();
    const one = await aDomainWithRelay();
    const two = await aDomainWithRelay();
    const senders = await Promise.all([anAccount(one.domain), anAccount(two.domain), anAccount()]);
    await Promise.all(
      senders.map(async (sender) => reaches(sender, await send(sender, [ZOE], { undo_seconds: 0 }), "sent")),
    );
    for (const [n, peer] of [one.peer, two.peer, deployment].entries()) {
      expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(senders[n] ?? { email: "" }), rcpt_to: [ZOE] }]);
    }
  });

  it("follows the envelope sender where an account writes from an alias in another domain", async () => {
    const deployment = await relayThrough();
    const { domain, peer } = await aDomainWithRelay();
    const alice = await anAccount();
    await putAlias(`info@${domain}`, alice.email);
    const sent = await send(alice, [ZOE], { from: { email: `info@${domain}` }, undo_seconds: 0 });
    await reaches(alice, sent, "sent");
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf({ email: `info@${domain}` }), rcpt_to: [ZOE] }]);
    expect(await taken(deployment)).toEqual([]);
  });
});

describe("what a domain passes on", () => {
  it("leaves by its relay, whoever wrote it, and so does the report that it failed", async () => {
    const deployment = await relayThrough();
    const peer = await startPeer({ rules: [{ on: "RCPT TO:<gone@", do: ["550 5.1.1 No such user"] }] });
    const domain = await aDomain();
    await setRelay(domain, urlOf(peer));
    await putAlias(`ann@${domain}`, "gone@elsewhere.example");
    await ingest(ZOE, `ann@${domain}`, aLetter());
    const [report] = await eventually(async () => {
      const messages = await taken(peer);
      return messages.length > 0 && messages;
    });
    expect(report).toEqual({ mail_from: "", rcpt_to: [ZOE] });
    expect(await taken(deployment)).toEqual([]);
  });
});

describe("the relay of a domain", () => {
  it("is shown without its password, and can be taken away", async () => {
    const domain = await aDomain();
    expect(await setRelay(domain, "smtp://user:p%40ss@relay.example:587")).toEqual({
      url: "smtp://user:***@relay.example:587",
    });
    const shown = await asAdmin("GET", `/domains/${domain}/relay`);
    expect(await shown.text()).toBe('{"url":"smtp://user:***@relay.example:587"}');
    expect(await (await asAdmin("GET", `/domains/${domain}`)).text()).not.toContain("p%40ss");
    expect(await env.DOMAIN.getByName(domain).relayUrl()).toBe("smtp://user:p%40ss@relay.example:587");
    expect(await setRelay(domain, null)).toEqual({ url: null });
    expect(await ok(asAdmin("GET", `/domains/${domain}/relay`), DomainRelay)).toEqual({ url: null });
  });

  it.each(["send_email:", "smtps://relay.example", "smtp://127.0.0.1:1025"])("may be %s", async (url) => {
    expect((await setRelay(await aDomain(), url)).url).toContain(url);
  });

  it.each([
    ["nonsense", "not_a_url"],
    ["http://relay.example", "unknown_scheme"],
    ["smtp://user:secret@relay.example?tls=off", "password_in_clear"],
    ["smtp://relay.example:0", "bad_port"],
  ])("is never %s", async (url, reason) => {
    const domain = await aDomain();
    const answer = await asAdmin("PUT", `/domains/${domain}/relay`, { url });
    expect(answer.status).toBe(400);
    const problem = Problem.parse(await answer.json());
    expect(problem.issues).toEqual([{ at: "body.url", message: reason }]);
    expect(JSON.stringify(problem)).not.toMatch(/secret|RELAY_URL/);
    expect(await env.DOMAIN.getByName(domain).relayUrl()).toBeNull();
  });

  it("is that of a domain that is here, and for the operator", async () => {
    expect((await asAdmin("PUT", "/domains/nowhere.test/relay", { url: null })).status).toBe(404);
    expect((await asAdmin("GET", "/domains/nowhere.test/relay")).status).toBe(404);
    expect((await asAdmin("PUT", `/domains/${await aDomain()}/relay`, {})).status).toBe(400);
  });
});
