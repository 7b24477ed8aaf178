/** Letters that are signed, broken, forged and forwarded, and the zone in which their keys and policies are. */

import { generateKeyPairSync } from "node:crypto";
import { dkimSign, sealMessage } from "mailauth";
import { signMessage } from "../../mail/dkim/sign-message.ts";
import { keysForTests } from "../../mail/dkim/verify.test-support.ts";
import type { DnsZone } from "../testing/fake-dns.ts";

const RSA = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const KEY_RECORD = `v=DKIM1; k=rsa; p=${RSA.publicKey.toString("base64")}`;

const OUR_KEYS = await keysForTests("ours.example");

/** Whoever is to have a key of mailauth's. */
const SIGNERS = [
  "bank.example",
  "mail.bank.example",
  "lax.example",
  "plain.example",
  "evil.example",
  "lists.example",
  "google.com",
];

const dmarc = (record: string) => ({ TXT: [record] });
const spf = (record: string) => ({ TXT: [record, "some-other=record"] });

export function aZone(): DnsZone {
  return {
    ...Object.fromEntries(SIGNERS.map((domain) => [`s1._domainkey.${domain}`, { TXT: [KEY_RECORD] }])),
    ...Object.fromEntries(Array.from(OUR_KEYS.records, ([name, record]) => [name, { TXT: [record] }])),
    "revoked._domainkey.bank.example": { TXT: ["v=DKIM1; k=rsa; p="] },
    "garbled._domainkey.bank.example": { TXT: ["v=DKIM1; k=rsa; p=!!!"] },
    "bank.example": spf("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"),
    "_dmarc.bank.example": dmarc("v=DMARC1; p=reject; adkim=r; aspf=r"),
    "mail.bank.example": spf("v=spf1 ip4:192.0.2.9 -all"),
    "strict.example": spf("v=spf1 ip4:192.0.2.1 -all"),
    "_dmarc.strict.example": dmarc("v=DMARC1; p=reject; adkim=s; aspf=s"),
    "mail.strict.example": spf("v=spf1 ip4:192.0.2.1 -all"),
    "_dmarc.lax.example": dmarc("v=DMARC1; p=quarantine"),
    "parent.example": spf("v=spf1 -all"),
    "_dmarc.parent.example": dmarc("v=DMARC1; p=none; sp=reject"),
    "child.parent.example": spf("v=spf1 -all"),
    "none.example": spf("v=spf1 ?all"),
    "_dmarc.none.example": dmarc("v=DMARC1; p=none; rua=mailto:a@none.example"),
    "testing.example": spf("v=spf1 -all"),
    "_dmarc.testing.example": dmarc("v=DMARC1; p=reject; t=y"),
    "odd.example": spf("v=spf1 -all"),
    "_dmarc.odd.example": dmarc("v=DMARC1; p=whatever"),
    "plain.example": spf("v=spf1 include:spf.hoster.example -all"),
    "spf.hoster.example": { TXT: ["v=spf1 ip4:203.0.113.0/24 ~all"] },
    "loop.example": spf("v=spf1 include:loop.example -all"),
    "broken.example": spf("v=spf1 ip4:not-an-address -all"),
    "twice.example": { TXT: ["v=spf1 +all", "v=spf1 -all"] },
    "moved.example": spf("v=spf1 redirect=bank.example"),
    "macro.example": spf("v=spf1 exists:%{ir}.allowed.macro.example -all"),
    "5.2.0.192.allowed.macro.example": { A: ["127.0.0.2"] },
    "silent.example": spf("v=spf1 include:fails.example -all"),
    "evil.example": spf("v=spf1 +all"),
    "helo.example": spf("v=spf1 ip4:198.51.100.1 -all"),
    "lists.example": spf("v=spf1 ip4:198.51.100.0/24 -all"),
    "lax.example": { TXT: ["v=spf1 a mx ~all"], A: ["192.0.2.20"], MX: ["mx1.lax.example"] },
    "mx1.lax.example": { A: ["192.0.2.21"], AAAA: ["2001:db8::21"] },
  };
}

export const aLetter = (from: string, more = "", body = "Good morning.\r\n"): Buffer =>
  Buffer.from(
    `From: ${from}\r\nTo: alice@mesh.test\r\nSubject: Hello\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\n` +
      `Message-ID: <1@far.example>\r\n${more}\r\n${body}`,
  );

/** By mailauth. */
export async function signed(raw: Buffer, signingDomain: string, selector = "s1", more = {}): Promise<Buffer> {
  const signature = {
    signingDomain,
    selector,
    privateKey: RSA.privateKey,
    canonicalization: "relaxed/relaxed",
    ...more,
  };
  const { signatures, errors } = await dkimSign(raw, {
    ...signature,
    signTime: new Date(),
    signatureData: [signature],
  });
  if (errors.length > 0) throw errors[0]?.err;
  return Buffer.concat([Buffer.from(signatures), raw]);
}

/** As this mesh signs what leaves, by RSA and Ed25519. */
export async function signedByUs(raw: Buffer): Promise<Buffer> {
  const fields = await signMessage(new Uint8Array(raw), OUR_KEYS.keys, { domain: "ours.example", time: Date.now() });
  return Buffer.concat([fields, raw]);
}

/** What a forwarder that seals puts in front. */
export async function sealed(raw: Buffer, signingDomain: string, authResults: string, i = 1): Promise<Buffer> {
  const cv = i === 1 ? "none" : "pass";
  const seal = { signingDomain, selector: "s1", privateKey: RSA.privateKey, authResults, cv, i };
  return Buffer.concat([await sealMessage(raw, seal), raw]);
}

export const changed = (raw: Buffer, from: string, to: string): Buffer =>
  Buffer.from(raw.toString("latin1").replace(from, to), "latin1");
