/** Asks the gateway and mailauth about the same message. Each has the same zone: one over UDP, the other in memory. */
import { authenticate } from "mailauth";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Authentication } from "../../contract/authentication.ts";
import { arcSets } from "../../mail/authentication/arc-sets.ts";
import { authorDomainOf } from "../../mail/authentication/author.ts";
import { hasDoubledFields } from "../../mail/authentication/doubled-fields.ts";
import { judge } from "../../mail/authentication/judge.ts";
import { parseResults } from "../../mail/authentication/results-field.ts";
import { type FakeDns, resolverOf, startDns } from "../testing/fake-dns.ts";
import { Authenticator } from "./authenticator.ts";
import { aLetter, aZone } from "./letters.test-support.ts";

let dns: FakeDns;
let authenticator: Authenticator;

/** Called at the head of a file: the zone is there for its tests. */
export function serveZone(): void {
  beforeAll(async () => {
    dns = await startDns(aZone());
    dns.fails.add("fails.example");
    dns.fails.add("_dmarc.fails.example");
    dns.fails.add("s1._domainkey.fails.example");
    authenticator = new Authenticator({ hostname: "mx.mesh.test", servers: [dns.server] });
  });
  afterAll(async () => {
    authenticator.close();
    await dns.close();
  });
}

interface Connection {
  ip: string;
  from: string;
  helo?: string;
}

/** What the mesh makes of what the gateway says. */
export async function ours(raw: Buffer, { ip, from, helo = "client.example" }: Connection): Promise<Authentication> {
  const chunks = [raw.subarray(0, 100), raw.subarray(100)];
  const envelope = { mail_from: from, rcpt_to: ["alice@mesh.test"] };
  const field = parseResults(await authenticator.results(envelope, { helo, remote_address: ip }, chunks));
  if (field === null) throw new Error("the mesh could not read what the gateway says");
  const evidence = {
    field,
    author: authorDomainOf(raw),
    arc_sets: arcSets(raw),
    has_doubled_fields: hasDoubledFields(raw),
  };
  return judge({ ...evidence, trusted_sealers: ["google.com", "lists.example"] });
}

/** In the words of mailauth's own result. */
async function theirs(raw: Buffer, { ip, from, helo = "client.example" }: Connection) {
  const options = { ip, helo, sender: from, mta: "mx.mesh.test", resolver: resolverOf(dns), disableBimi: true };
  const { spf, dkim, dmarc, arc } = await authenticate(raw, options);
  return {
    spf: spf ? { result: spf.status.result, domain: spf.domain } : null,
    dkim: dkim.results
      .filter(({ status }) => status.result !== "none")
      .map(({ status, signingDomain, selector }) => ({ result: status.result, domain: signingDomain, selector })),
    dmarc: dmarc
      ? { result: dmarc.status.result, domain: dmarc.status.header?.from, policy: dmarc.policy ?? null }
      : { result: "none", domain: null, policy: null },
    arc: arc && arc.status.result !== "none" ? arc.status.result : null,
  };
}

const inTheirWords = ({ spf, dkim, dmarc, arc }: Authentication) => ({ spf, dkim, dmarc, arc: arc?.result ?? null });

export const BANK = { ip: "192.0.2.5", from: "bounce@bank.example" };
export const EVIL = { ip: "203.0.113.66", from: "x@evil.example" };
export const LIST = { ip: "198.51.100.7", from: "list@lists.example" };
export const letter = aLetter("Bank <info@bank.example>");

export type Case = [
  what: string,
  sender: string,
  spf: string,
  dkim: string,
  dmarc: string,
  () => Buffer | Promise<Buffer>,
  Connection,
];

/** Verdicts equal those of mailauth, and are those of the table. */
export function itJudges(cases: Case[]): void {
  it.each(cases)("%s: %s", async (_case, sender, spf, dkim, dmarc, make, connection) => {
    const raw = await make();
    const found = await ours(raw, connection);
    expect(inTheirWords(found)).toEqual(await theirs(raw, connection));
    expect({
      sender: found.sender,
      spf: found.spf.result,
      dkim: found.dkim.map(({ result }) => result).join(" "),
      dmarc: found.dmarc.result,
    }).toEqual({ sender, spf, dkim, dmarc });
  });
}
