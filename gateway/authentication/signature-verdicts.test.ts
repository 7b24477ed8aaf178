/**
 * What is signed and sealed: messages with DKIM signatures that are right, broken and forged, and forwarded ones with ARC.
 * Show: verdicts equal those of mailauth's, with a local DNS server. What the mesh then says of the sender is in the table.
 */
import { describe } from "vitest";
import { aLetter, changed, sealed, signed, signedByUs } from "./letters.test-support.ts";
import { BANK, type Case, EVIL, itJudges, LIST, letter, serveZone } from "./verdicts.test-support.ts";

serveZone();

const RIGHT = "mx.google.com; dmarc=pass header.from=bank.example";
const FOOTER = "Good morning.\r\n-- \r\nUnsubscribe\r\n";

/** What a list does to a signed message: the footer breaks the signature. */
const listed = async (from = "info@bank.example") =>
  changed(await signed(aLetter(from), from.slice(from.indexOf("@") + 1)), "Good morning.\r\n", FOOTER);

const SIGNATURES: Case[] = [
  ["signed and sent as it should be", "verified", "pass", "pass", "pass", () => signed(letter, "bank.example"), BANK],
  [
    "signed by this mesh's own signer, twice",
    "verified",
    "none",
    "pass pass",
    "none",
    () => signedByUs(aLetter("a@ours.example")),
    { ip: "127.0.0.1", from: "b@nowhere.example" },
  ],
  [
    "signed, and sent by nobody in particular",
    "verified",
    "pass",
    "pass",
    "pass",
    () => signed(letter, "bank.example"),
    EVIL,
  ],
  [
    "signed for a subdomain, which relaxed alignment takes",
    "verified",
    "pass",
    "pass",
    "pass",
    () => signed(letter, "mail.bank.example"),
    EVIL,
  ],
  [
    "signed, its body changed",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => changed(await signed(letter, "bank.example"), "morning", "evening"),
    EVIL,
  ],
  [
    "signed, its subject changed",
    "forged",
    "pass",
    "fail",
    "fail",
    async () => changed(await signed(letter, "bank.example"), "Subject: Hello", "Subject: Pay"),
    EVIL,
  ],
  ["signed by another", "forged", "pass", "pass", "fail", () => signed(letter, "evil.example"), EVIL],
  [
    "signed with a key that was revoked",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "revoked"),
    EVIL,
  ],
  [
    "signed with a key that nobody published",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "none"),
    EVIL,
  ],
  [
    "signed with a key that cannot be read",
    "forged",
    "pass",
    "neutral",
    "fail",
    () => signed(letter, "bank.example", "garbled"),
    EVIL,
  ],
  [
    "signed by a domain whose DNS fails",
    "unverified",
    "pass",
    "temperror",
    "temperror",
    () => signed(aLetter("a@fails.example"), "fails.example"),
    EVIL,
  ],
  [
    "with a signature that is none",
    "forged",
    "pass",
    "",
    "fail",
    () => aLetter("info@bank.example", "DKIM-Signature: v=1; nonsense\r\n"),
    EVIL,
  ],
  [
    "signed twice, and one of the two is broken",
    "verified",
    "pass",
    "neutral pass",
    "pass",
    async () => signed(await signed(letter, "bank.example"), "bank.example", "revoked"),
    EVIL,
  ],
  [
    "signed for its first line only, and written on",
    "unverified",
    "pass",
    "pass",
    "pass",
    async () =>
      Buffer.concat([await signed(letter, "bank.example", "s1", { maxBodyLength: 15 }), Buffer.from("more\r\n")]),
    EVIL,
  ],
  [
    "signed for its first line only, and written on by whom SPF knows",
    "verified",
    "pass",
    "pass",
    "pass",
    async () =>
      Buffer.concat([await signed(letter, "bank.example", "s1", { maxBodyLength: 15 }), Buffer.from("more\r\n")]),
    BANK,
  ],
  [
    "signed for all of its length",
    "verified",
    "pass",
    "pass",
    "pass",
    () => signed(letter, "bank.example", "s1", { maxBodyLength: 15 }),
    EVIL,
  ],
  [
    "signed, with another subject put in front",
    "unverified",
    "pass",
    "pass",
    "pass",
    async () => Buffer.concat([Buffer.from("Subject: Pay me\r\n"), await signed(letter, "bank.example")]),
    EVIL,
  ],
  [
    "signed, with another type put in front",
    "unverified",
    "pass",
    "pass",
    "pass",
    async () =>
      Buffer.concat([
        Buffer.from("content-type : text/html\r\n"),
        await signed(aLetter("info@bank.example", "Content-Type: text/plain\r\n"), "bank.example"),
      ]),
    EVIL,
  ],
];

const FORWARDED: Case[] = [
  ["nobody seals", "forged", "pass", "neutral", "fail", () => listed(), LIST],
  [
    "a trusted forwarder seals",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await listed(), "google.com", RIGHT),
    LIST,
  ],
  [
    "a trusted forwarder seals that it was forged",
    "forged",
    "pass",
    "",
    "fail",
    () => sealed(letter, "google.com", "mx.google.com; dmarc=fail header.from=bank.example"),
    EVIL,
  ],
  ["somebody else seals", "forged", "pass", "", "fail", () => sealed(letter, "evil.example", RIGHT), EVIL],
  [
    "a trusted forwarder seals, and it is changed after that",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => changed(await sealed(await listed(), "google.com", RIGHT), "Good morning", "Pay me"),
    EVIL,
  ],
  [
    "a trusted forwarder's seal is changed",
    "forged",
    "pass",
    "",
    "fail",
    async () =>
      changed(
        await sealed(letter, "google.com", "mx.google.com; dmarc=fail header.from=bank.example"),
        "dmarc=fail",
        "dmarc=pass",
      ),
    EVIL,
  ],
  [
    "two trusted forwarders seal",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () =>
      sealed(
        await sealed(await listed(), "google.com", RIGHT),
        "lists.example",
        "lists.example; arc=pass; dmarc=fail header.from=bank.example",
        2,
      ),
    LIST,
  ],
  [
    "somebody else seals after the trusted one",
    "forged",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await sealed(await listed(), "google.com", RIGHT), "evil.example", RIGHT, 2),
    EVIL,
  ],
  [
    "a sealed message was right anyway",
    "verified",
    "pass",
    "pass",
    "pass",
    async () => sealed(await signed(letter, "bank.example"), "google.com", RIGHT),
    LIST,
  ],
  [
    "the list's domain asks for quarantine",
    "unverified",
    "pass",
    "neutral",
    "fail",
    async () => sealed(await listed("a@lax.example"), "google.com", "mx.google.com; dkim=pass header.i=@lax.example"),
    LIST,
  ],
];

describe("a message", () => itJudges(SIGNATURES));
describe("a message was forwarded, and", () => itJudges(FORWARDED));
