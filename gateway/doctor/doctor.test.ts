/** The doctor before good and bad zones, on a DNS-over-HTTPS server of its own. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DnsRecords } from "../../contract/dns.ts";
import { makeKeyPair } from "../../mail/dkim/keys.ts";
import { domainRecords } from "../../mail/dns/domain-records.ts";
import { DohUnreachable, dnsOverHttps } from "../../mail/doctor/dns-over-https.ts";
import { examine, isHealthy } from "../../mail/doctor/examine.ts";
import { type FakeDoh, startDoh, type Zone } from "../testing/fake-doh.ts";

const DOMAIN = "mesh.example";
const pairs = await Promise.all([makeKeyPair("rsa-sha256"), makeKeyPair("ed25519-sha256")]);
const keys = pairs.map((pair, n) => ({ ...pair, selector: ["mm202611a", "mm202611b"][n] ?? "" }));
const wanted: DnsRecords = await domainRecords(DOMAIN, keys, {
  mail_servers: ["mx1.mesh.example", "mx2.mesh.example"],
  spf_includes: ["spf.relay.example"],
  mail_servers_send: true,
  mta_sts_mode: "testing",
});
/** That `dns` says the same is the first test. */
const GOOD_SPF = "v=spf1 mx include:spf.relay.example ~all";
const RSA = `mm202611a._domainkey.${DOMAIN}`;
const valueAt = (name: string) => wanted.records.find((record) => record.name === name)?.value ?? "";

/** Everything as `dns` says. */
function goodZone(): Required<Pick<Zone, "TXT" | "MX" | "A">> & Zone {
  const texts = wanted.records.filter(({ type }) => type === "TXT");
  return {
    TXT: {
      ...Object.fromEntries(texts.map(({ name, value }) => [name, [value]])),
      [DOMAIN]: ["some-verification=1234", GOOD_SPF],
      "spf.relay.example": ["v=spf1 ip4:192.0.2.0/24 -all"],
    },
    MX: { [DOMAIN]: ["MX2.mesh.example", "mx1.mesh.example"] },
    A: { "mx1.mesh.example": ["192.0.2.1"], "mx2.mesh.example": ["192.0.2.2"] },
  };
}

let doh: FakeDoh;
beforeEach(async () => {
  doh = await startDoh(goodZone());
});
afterEach(() => doh.close());

const served = async () => ({ text: wanted.mta_sts.policy.replaceAll("\r\n", "\n") });

async function findings(policy: Parameters<typeof examine>[2] = served) {
  const sections = await examine(wanted, dnsOverHttps(fetch, doh.url, 500), policy);
  const all = sections.flatMap((section) => section.findings);
  const of = (level: string) => all.filter((one) => one.level === level).map(({ what }) => what);
  return { healthy: isHealthy(sections), wrong: of("wrong"), unknown: of("unknown"), advice: of("advice"), all };
}

describe("a good zone", () => {
  it("is in order, with the one advice that DMARC begins softly", async () => {
    expect(await findings()).toMatchObject({
      healthy: true,
      wrong: [],
      unknown: [],
      advice: ["DMARC is at p=none: forgeries are reported, and arrive"],
    });
  });

  it("may be without MTA-STS and TLS reports", async () => {
    delete doh.zone.TXT?.[`_mta-sts.${DOMAIN}`];
    delete doh.zone.TXT?.[`_smtp._tls.${DOMAIN}`];
    const { healthy, advice } = await findings();
    expect(healthy).toBe(true);
    expect(advice).toContain("MTA-STS is not set: senders may deliver without TLS");
    expect(advice).toContain("TLS reports are not asked for");
  });
});

const spfOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}.example`, ["v=spf1 ip4:192.0.2.1 ~all"]]));
const manyIncludes = Array.from({ length: 10 }, (_, n) => `include:s${n}.example`).join(" ");
const dmarc = (record: string) => ({ TXT: { [`_dmarc.${DOMAIN}`]: [record] } });
const spf = (...records: string[]) => ({ TXT: { [DOMAIN]: records } });
const key = valueAt(RSA);
const WITHOUT_ALL = "v=spf1 mx include:spf.relay.example";
/** RFC 1035 §2.3.4: a label has 63 octets at most. */
const LONG = `${"x".repeat(64)}.example`;

describe("an SPF record", () => {
  it.each([
    ["has a redirect that its all makes void (RFC 7208 §6.1)", `${WITHOUT_ALL} redirect=nowhere.example ~all`],
    ["includes behind its all what nobody looks at (RFC 7208 §5.1)", `${GOOD_SPF} include:nowhere.example`],
    ["names networks", `${WITHOUT_ALL} a/24 mx:mesh.example//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all`],
  ])("that %s is in order", async (_, record) => {
    doh.zone.TXT = { ...doh.zone.TXT, ...spf(record).TXT };
    expect(await findings()).toMatchObject({ healthy: true, wrong: [], unknown: [] });
  });
});

describe("a DKIM key", () => {
  it.each(["; h=sha1:sha256", "; s=email", "; s=*; n=ours; t=s"])("that also says %j is ours", async (more) => {
    doh.zone.TXT = { ...doh.zone.TXT, [RSA]: [key + more] };
    expect(await findings()).toMatchObject({ healthy: true, wrong: [] });
  });
});

describe("a bad zone", () => {
  it.each<[string, Zone, RegExp]>([
    ["no MX", { MX: { [DOMAIN]: [] } }, /has no MX record, so nobody can send mail/],
    ["one MX missing", { MX: { [DOMAIN]: ["mx1.mesh.example"] } }, /has no MX record for mx2\.mesh\.example/],
    [
      "a strange MX",
      { MX: { [DOMAIN]: ["mx1.mesh.example", "mx2.mesh.example", "old.host.example"] } },
      /leads to old\.host\.example/,
    ],
    [
      "a mail server without address",
      { A: { "mx2.mesh.example": [] } },
      /mail server mx2\.mesh\.example has no address/,
    ],
    ["no SPF", spf(), /has no SPF record/],
    ["two SPF records", spf(GOOD_SPF, "v=spf1 -all"), /has 2 SPF records/],
    ["an SPF that lacks the relay", spf("v=spf1 mx ~all"), /lacks include:spf\.relay\.example/],
    ["+all", spf("v=spf1 mx include:spf.relay.example +all"), /ends in \+all/],
    ["a bare all", spf("v=spf1 mx include:spf.relay.example all"), /ends in \+all/],
    ["a typing error in SPF", spf("v=spf1 mx include:spf.relay.example inclde:x.example ~all"), /mistake: "inclde:x/],
    ["an include behind the all", spf("v=spf1 mx ~all include:spf.relay.example"), /lacks include:spf\.relay/],
    ["an include that is a no", spf("v=spf1 mx -include:spf.relay.example ~all"), /lacks include:spf\.relay/],
    ["an include of nothing", spf(`${WITHOUT_ALL} include ~all`), /mistake: "include"/],
    ["an all of something", spf(`${WITHOUT_ALL} ~all:mesh.example`), /mistake: "~all:mesh/],
    ["an IPv4 address that is none", spf(`${WITHOUT_ALL} ip4:192.0.2.300 ~all`), /mistake: "ip4:192\.0\.2\.300"/],
    ["a network that is none", spf(`${WITHOUT_ALL} ip4:192.0.2.0/33 ~all`), /mistake: "ip4:192\.0\.2\.0\/33"/],
    ["IPv4 for IPv6", spf(`${WITHOUT_ALL} ip6:192.0.2.1 ~all`), /mistake: "ip6:192/],
    [
      "an include of a name too long",
      spf(`${WITHOUT_ALL} include:${LONG} ~all`),
      /includes x{64}\.example, which is no name/,
    ],
    ["an include with an empty label", spf(`${WITHOUT_ALL} include:a..b ~all`), /includes a\.\.b, which is no name/],
    [
      "more than 10 look-ups",
      { TXT: { ...spf(`v=spf1 mx include:spf.relay.example ${manyIncludes} ~all`).TXT, ...spfOf(10) } },
      /more than 10 look-ups/,
    ],
    [
      "an SPF that goes round in circles",
      { TXT: { "spf.relay.example": [`v=spf1 include:${DOMAIN} ~all`] } },
      /includes itself/,
    ],
    ["an include without SPF", { TXT: { "spf.relay.example": [] } }, /includes spf\.relay\.example, which has none/],
    ["no DKIM key", { TXT: { [RSA]: [] } }, /mm202611a\._domainkey\.mesh\.example is not in DNS/],
    ["a cut key", { TXT: { [RSA]: [key.slice(0, 255)] } }, /is cut: \d+ of 392 characters/],
    ["a revoked key", { TXT: { [RSA]: ["v=DKIM1; k=rsa; p="] } }, /is revoked/],
    ["another key", { TXT: { [RSA]: ["v=DKIM1; k=rsa; p=TUlJQklqQU5C"] } }, /is another than ours/],
    ["two keys", { TXT: { [RSA]: [key, "v=DKIM1; p=x"] } }, /has 2 TXT records/],
    ["a key of another version", { TXT: { [RSA]: [key.replace("DKIM1", "DKIM2")] } }, /to be heeded: "v=DKIM2/],
    ["a version behind the key", { TXT: { [RSA]: [`${key.replace("v=DKIM1; ", "")}; v=DKIM1`] } }, /heeded: "k=rsa/],
    ["a key for SHA-1 alone", { TXT: { [RSA]: [`${key}; h=sha1`] } }, /says h=sha1/],
    ["a key for other services", { TXT: { [RSA]: [`${key}; s=tlsrpt`] } }, /says s=tlsrpt/],
    ["something else for a key", { TXT: { [RSA]: ["hello"] } }, /holds no DKIM key/],
    ["no DMARC", { TXT: { [`_dmarc.${DOMAIN}`]: [] } }, /has no DMARC record/],
    ["a DMARC policy that is none", dmarc("v=DMARC1; p=rejct"), /mistake: p=rejct/],
    ["DMARC without a policy", dmarc("v=DMARC1; rua=mailto:a@b.example"), /it has no policy/],
    ["DMARC without semicolon", dmarc("v=DMARC1 p=none"), /begin|mistake/],
    ["DMARC in small letters", dmarc("v=dmarc1; p=none"), /mistake: "v=dmarc1/],
    ["reports to no address", dmarc("v=DMARC1; p=none; rua=postmaster@b.example"), /rua=postmaster@b/],
    ["an alignment that is none", dmarc("v=DMARC1; p=none; adkim=strict"), /mistake: adkim=strict/],
    ["pct over 100", dmarc("v=DMARC1; p=none; pct=200"), /pct=200/],
    ["an old MTA-STS id", { TXT: { [`_mta-sts.${DOMAIN}`]: ["v=STSv1; id=20200101"] } }, /does not fit the policy/],
    ["TLS-RPT without address", { TXT: { [`_smtp._tls.${DOMAIN}`]: ["v=TLSRPTv1; rua=b.example"] } }, /TLS-RPT record/],
  ])("with %s is told so", async (_, bad, told) => {
    const { TXT, MX, A } = goodZone();
    doh.zone = {
      TXT: { ...TXT, ...bad.TXT },
      MX: { ...MX, ...bad.MX },
      A: { ...A, ...bad.A },
    };
    const { healthy, wrong, all } = await findings();
    expect(wrong.join("\n")).toMatch(told);
    expect(healthy).toBe(false);
    expect(all.filter(({ level, todo }) => level !== "right" && !todo)).toEqual([]);
  });

  it.each([
    [
      "is another",
      async () => ({ text: "version: STSv1\nmode: enforce\nmx: old.example\nmax_age: 1\n" }),
      /is another/,
    ],
    ["cannot be read", async () => ({ why: "it answers 404" }), /cannot be read at https:\/\/mta-sts\.mesh\.example/],
  ])("whose MTA-STS policy %s is told so", async (_, policy, told) => {
    expect((await findings(policy)).wrong.join()).toMatch(told);
  });
});

describe("DNS that does not answer", () => {
  it.each(["fails", "silent"] as const)("(%s) is said of each name, and is no verdict on it", async (how) => {
    doh.zone[how] = [`_dmarc.${DOMAIN}`, "spf.relay.example"];
    const { healthy, wrong, unknown } = await findings();
    expect(wrong).toEqual([]);
    const why = how === "fails" ? /SERVFAIL/ : /no answer came within 0\.5 seconds/;
    expect(unknown).toEqual([expect.stringMatching(why), expect.stringMatching(why)]);
    expect(healthy).toBe(false);
  });

  it("is one sentence when nobody can be asked", async () => {
    doh.close();
    await expect(findings()).rejects.toThrow(DohUnreachable);
    await expect(findings()).rejects.toThrow(/^DNS cannot be asked: no connection to http:\/\/127\.0\.0\.1/);
  });

  it.each([
    [{ status: 403, body: "no" }, /answered 403/],
    [{ status: 200, body: "\0".repeat(12) }, /is no DNS/],
    [{ status: 200, body: "<html>" }, /is no DNS\. Is DOH_URL right\?/],
  ])("is one sentence when it is no DNS server: %j", async (breaks, told) => {
    doh.breaks = breaks;
    await expect(findings()).rejects.toThrow(told);
  });
});
