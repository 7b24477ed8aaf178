/** What leaves is signed by the author's domain; mailauth and two others verify it in tests/node and tests/system. */
import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { DkimKeyList, DnsRecords } from "../../contract/dns.ts";
import { MAX_SENT_BYTES } from "../../contract/limits.ts";
import { Problem } from "../../contract/problem.ts";
import type { Peer } from "../smtp-peers/peer.ts";
import { breaks } from "./faults.ts";
import { aDomain, aLetter, anAccount, asAdmin, eventually, fetchMesh, ingest } from "./mesh.ts";
import { attemptAfter, consume, queueForgets, reaches, relayThrough, send, submissionOf, taken } from "./outgoing.ts";

const BOB = "bob@far.example";
const HOUR = 3_600_000;

const dnsOf = async (domain: string) => DnsRecords.parse(await (await asAdmin("GET", `/domains/${domain}/dns`)).json());
const dkimNames = async (domain: string) =>
  (await dnsOf(domain)).records.filter(({ purpose }) => purpose === "dkim").map(({ name }) => name.split(".")[0]);
const rotate = (domain: string, body = {}) => asAdmin("POST", `/domains/${domain}/dkim/rotate`, body);

const domainOf = ({ email }: { email: string }) => email.slice(email.indexOf("@") + 1);

/** The bytes of what the peer has taken, as text. */
async function takenBy(peer: Peer): Promise<string[]> {
  const count = (await taken(peer)).length;
  const bodies = await Promise.all(Array.from({ length: count }, (_, n) => peer.body(n)));
  return bodies.map((body) => new TextDecoder("latin1").decode(body));
}

const policy = (domain: string) =>
  exports.default.fetch(new Request(`https://mta-sts.${domain}/.well-known/mta-sts.txt`));

const signatures = (raw: string) =>
  Array.from(raw.matchAll(/^DKIM-Signature: v=1; a=(\S+); c=relaxed\/relaxed;\r\n\td=(\S+);\r\n\ts=(\w+); t=(\d+);/gm));

describe("a message of an account", () => {
  it("leaves with two signatures of its domain, whose keys are in the records to set", async () => {
    const alice = await anAccount();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB]);
    const { created_at } = await reaches(alice, sent, "sent");
    const [raw = ""] = await takenBy(peer);
    const found = signatures(raw);
    expect(found.map(([, algorithm, domain]) => [algorithm, domain])).toEqual([
      ["rsa-sha256", domainOf(alice)],
      ["ed25519-sha256", domainOf(alice)],
    ]);
    expect(found.map(([, , , selector]) => selector)).toEqual(await dkimNames(domainOf(alice)));
    expect(Number(found[0]?.[4])).toBe(Math.floor(Date.parse(created_at) / 1000));
    expect(raw).toMatch(/^DKIM-Signature:/);
  });

  it("is deferred while its Domain does not answer, and never leaves without a signature", async () => {
    queueForgets();
    const alice = await anAccount();
    const peer = await relayThrough();
    const sent = await send(alice, [BOB], { undo_seconds: 1 });
    await eventually(async () => {
      await consume(alice.stub, { DOMAIN: { signingKeys: breaks } });
      return (await submissionOf(alice, sent)).state === "deferred";
    });
    expect(await takenBy(peer)).toEqual([]);
  });

  it("is not signed here where Cloudflare sends and signs it, but is within the mesh", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const handed: string[] = [];
    const { EMAIL } = env;
    env.EMAIL = {
      async send(message: object): Promise<EmailSendResult> {
        // Where the runtime's EmailMessage keeps the bytes for its binding.
        handed.push(await new Response(Reflect.get(message, "EmailMessage::raw")).text());
        return { messageId: "id" };
      },
    } as SendEmail;
    const sent = await send(alice, [bob.email, BOB]);
    await eventually(async () => handed.length > 0);
    env.EMAIL = EMAIL;
    expect(handed[0]).toMatch(/^Date: /);
    expect(handed[0]).not.toContain("DKIM-Signature");
    const [arrived] = await eventually(async () => (await bob.messages()).length > 0 && bob.messages());
    const raw = await (await bob.call("GET", `/messages/${arrived?.id}/raw`)).text();
    expect(raw).toContain("DKIM-Signature");
    expect((await submissionOf(alice, sent)).recipients).toHaveLength(2);
  });
});

describe("a signed message within the mesh", () => {
  it("is one message, though its first delivery was not reported and it was delivered again", async () => {
    queueForgets();
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const sent = await send(alice, [bob.email], { undo_seconds: 0 });
    await expect(consume(alice.stub, { MAILBOX: { report: breaks } })).rejects.toThrow("injected");
    expect(await bob.messages()).toHaveLength(1);
    expect((await submissionOf(alice, sent)).state).not.toBe("delivered");
    await attemptAfter(3600, alice.stub);
    expect((await submissionOf(alice, sent)).state).toBe("delivered");
    const [message, ...others] = await bob.messages();
    expect(others).toEqual([]);
    const raw = await (await bob.call("GET", `/messages/${message?.id}/raw`)).text();
    expect(signatures(raw)).toHaveLength(2);
  });

  it("that an alias passes on keeps its signatures, and gets no others", async () => {
    const alice = await anAccount();
    const domain = domainOf(alice);
    await asAdmin("PUT", `/aliases/out@${domain}`, { targets: [BOB] });
    const peer = await relayThrough();
    await send(alice, [`out@${domain}`], { undo_seconds: 0 });
    const [raw = ""] = await eventually(async () => {
      const all = await takenBy(peer);
      return all.length > 0 && all;
    });
    expect(raw).toMatch(/^Delivered-To: out@.*\r\nAuthentication-Results: .*\r\n(?:\t.*\r\n)*Received: /);
    expect(signatures(raw).map(([, , signer]) => signer)).toEqual([domain, domain]);
    expect(raw.match(/^DKIM-Signature:/gm)).toHaveLength(2);
  });
});

describe("a message as large as one may be", () => {
  const bodyOf = (size: number) => `${"a".repeat(62)}\r\n`.repeat(size / 64);

  it("is delivered with its signatures, and a larger one is refused when it is handed in", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const sent = await send(alice, [bob.email], { body: bodyOf(MAX_SENT_BYTES - 4096) });
    expect((await reaches(alice, sent, "delivered", "failed")).state).toBe("delivered");
    const message = { to: [{ email: bob.email }], subject: "x", body: bodyOf(MAX_SENT_BYTES) };
    expect((await alice.call("POST", "/messages", message)).status).toBe(413);
  });
});

describe("a forward", () => {
  it.each(["zoe@far.example", ""])("from %j is not signed, though its author says to be of this mesh", async (from) => {
    const alice = await anAccount();
    const domain = domainOf(alice);
    await asAdmin("PUT", `/aliases/out@${domain}`, { targets: [BOB] });
    const peer = await relayThrough();
    await ingest(from, `out@${domain}`, aLetter({ from: alice.email }));
    const [raw] = await eventually(async () => {
      const all = await takenBy(peer);
      return all.length > 0 && all;
    });
    expect(raw).toContain(`From: ${alice.email}`);
    expect(raw).not.toContain("DKIM-Signature");
  });
});

describe("the keys of a domain", () => {
  it("are changed with an overlap, and none of their names comes again", async () => {
    const domain = await aDomain();
    const stub = env.DOMAIN.getByName(domain);
    const [first, second] = await dkimNames(domain);
    const answer = DkimKeyList.parse(await (await rotate(domain)).json());
    expect(answer.keys.map(({ state }) => state)).toEqual(["signing", "signing", "waiting", "waiting"]);
    expect(answer.records.map(({ name }) => name)).toEqual(
      answer.keys.map(({ selector }) => `${selector}._domainkey.${domain}`),
    );
    expect(await dkimNames(domain)).toHaveLength(4);
    const now = Date.now();
    const signers = async (at: number) => (await stub.signingKeys(at))?.keys.map(({ selector }) => selector);
    const [third, fourth] = (await dkimNames(domain)).slice(2);
    expect(await signers(now + 47 * HOUR)).toEqual([first, second]);
    expect(await signers(now + 49 * HOUR)).toEqual([third, fourth]);
    const published = async (at: number) => (await stub.publishedKeys(at)).map(({ selector }) => selector);
    expect(await published(now + (48 + 167) * HOUR)).toEqual([first, second, third, fourth]);
    expect(await published(now + (48 + 169) * HOUR)).toEqual([third, fourth]);
    const rotated = await stub.rotateKeys(0, now + 300 * HOUR);
    const selectors = rotated.map(({ selector }) => selector);
    expect(selectors.toSorted()).toEqual(selectors);
    expect(new Set([first, second, ...selectors]).size).toBe(6);
    expect(await signers(now + 300 * HOUR)).toEqual(selectors.slice(2));
  });

  it("are not changed while a change is under way", async () => {
    const domain = await aDomain();
    await rotate(domain);
    const refusal = await rotate(domain);
    expect(refusal.status).toBe(409);
    expect(Problem.parse(await refusal.json()).detail).toMatch(
      /^New keys are published already: mm\d{6}c and mm\d{6}d sign from /,
    );
  });

  it("are made once, though many ask at once", async () => {
    const stub = env.DOMAIN.getByName(await aDomain());
    const answers = await Promise.all([1, 2, 3, 4].map(() => stub.publishedKeys(Date.now())));
    expect(new Set(answers.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(answers[0]).toHaveLength(2);
  });

  it("never show their private half", async () => {
    const domain = await aDomain();
    const answers = [await asAdmin("GET", `/domains/${domain}/dns`), await rotate(domain)];
    const text = (await Promise.all(answers.map((answer) => answer.text()))).join();
    const secrets = await runInDurableObject(env.DOMAIN.getByName(domain), (_, { storage }) =>
      storage.sql.exec<{ private_key: string }>("SELECT private_key FROM dkim_key").toArray(),
    );
    expect(secrets).toHaveLength(4);
    for (const { private_key } of secrets) expect(text).not.toContain(private_key);
    expect(text).not.toContain("private");
  });

  it.each([
    ["of a domain that is not here", "/domains/nowhere.test/dns", 404],
    ["of what is no domain", "/domains/a..b/dns", 400],
  ])("%s are answered plainly", async (_, path, status) => {
    expect((await asAdmin("GET", path)).status).toBe(status);
  });

  it("change in a number of hours", async () => {
    const domain = await aDomain();
    const refusals = await Promise.all([-1, 100_000, "soon"].map((after_hours) => rotate(domain, { after_hours })));
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});

describe("the records of a domain", () => {
  afterEach(() => {
    delete env.MX_HOSTS;
    delete env.SPF_INCLUDE;
    delete env.MTA_STS_MODE;
  });

  it("fit the policy that the mesh serves under the domain's name", async () => {
    const domain = await aDomain();
    env.MX_HOSTS = "mx1.mesh.example, mx2.mesh.example";
    env.SPF_INCLUDE = "spf.relay.example";
    env.MTA_STS_MODE = "enforce";
    const { records, mta_sts } = await dnsOf(domain);
    const valuesOf = (purpose: string) => records.filter((one) => one.purpose === purpose).map(({ value }) => value);
    expect(valuesOf("mail_in")).toEqual(["mx1.mesh.example", "mx2.mesh.example"]);
    expect(valuesOf("spf")).toEqual(["v=spf1 mx include:spf.relay.example ~all"]);
    expect(valuesOf("dmarc")).toEqual([`v=DMARC1; p=none; rua=mailto:postmaster@${domain}`]);
    expect(valuesOf("tls_rpt")).toEqual([`v=TLSRPTv1; rua=mailto:postmaster@${domain}`]);
    expect(records.every(({ strings = [] }) => strings.every(({ length }) => length <= 255))).toBe(true);
    const answer = await policy(domain);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await answer.text()).toBe(mta_sts.policy);
    expect(mta_sts.policy).toBe(
      "version: STSv1\r\nmode: enforce\r\nmx: mx1.mesh.example\r\nmx: mx2.mesh.example\r\nmax_age: 604800\r\n",
    );
    delete env.MTA_STS_MODE;
    const [id, otherId] = [
      valuesOf("mta_sts"),
      (await dnsOf(domain)).records.find(({ purpose }) => purpose === "mta_sts"),
    ];
    expect(id[0]).toMatch(/^v=STSv1; id=[0-9a-f]{20}$/);
    expect(otherId?.value).not.toBe(id[0]);
  });

  it("have no policy under other names", async () => {
    expect((await policy("nowhere.test")).status).toBe(404);
    expect((await fetchMesh("/.well-known/mta-sts.txt")).status).toBe(404);
  });
});
