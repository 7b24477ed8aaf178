import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReport } from "./read-report.ts";
import { MAX_REPORTED_RECIPIENTS, type Report } from "./report.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const read = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));
const bytes = (text: string) => new TextEncoder().encode(text);

/** What is in `x.eml` stands in `x.json`: the envelope's sender, and the report or null. */
const answers = readdirSync(FIXTURES)
  .filter((name) => name.endsWith(".eml"))
  .map((name) => {
    const answer: { mail_from: string; report: Report | null } = JSON.parse(
      readFileSync(join(FIXTURES, name.replace(".eml", ".json")), "utf8"),
    );
    return { name, ...answer };
  });

describe("a message that comes back", () => {
  it.each(answers.filter(({ report }) => report !== null))("$name is read", ({ name, mail_from, report }) => {
    expect(readReport(mail_from, read(name))).toEqual(report);
  });

  it.each(answers.filter(({ report }) => report === null))("$name is no report", ({ name, mail_from }) => {
    expect(readReport(mail_from, read(name))).toBeNull();
  });

  it("is read with either line end", () => {
    for (const { name, mail_from, report } of answers) {
      const crlf = new TextDecoder().decode(read(name)).replace(/\r?\n/g, "\r\n");
      expect(readReport(mail_from, bytes(crlf)), name).toEqual(report);
    }
  });

  it("is one whoever is named by the envelope, where a server wrote it", () => {
    const report = answers.find(({ name }) => name === "postfix.eml")?.report;
    expect(readReport("someone@far.example", read("postfix.eml"))).toEqual(report);
  });
});

const dsn = (status: string, boundary = "b") =>
  `From: MAILER-DAEMON@far.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=${boundary}\n\n--${boundary}\n\nwords\n--${boundary}\nContent-Type: message/delivery-status\n\n${status}\n--${boundary}--\n`;

describe("a hostile message", () => {
  it("with 10,000 recipients gives a bounded number of them", () => {
    const groups = Array.from(
      { length: 10_000 },
      (_, n) => `Final-Recipient: rfc822; r${n}@far.example\nAction: failed\n`,
    );
    const report = readReport("", bytes(dsn(`Reporting-MTA: dns; x\n\n${groups.join("\n")}`)));
    expect(report?.recipients).toHaveLength(MAX_REPORTED_RECIPIENTS);
    const plain = Array.from({ length: 10_000 }, (_, n) => `<r${n}@far.example>:\nno such user\n`).join("\n");
    const bounce = readReport("", bytes(`From: MAILER-DAEMON@x\n\nHi. This is the qmail-send program\n\n${plain}`));
    expect(bounce?.recipients).toHaveLength(MAX_REPORTED_RECIPIENTS);
  });

  it("gives words of bounded length on one line, well-formed", () => {
    const words = `550 5.1.1 ${"\ud800 no\u0000such\u202euser ".repeat(5000)}`;
    const report = readReport(
      "",
      bytes(dsn(`Final-Recipient: rfc822; bob@far.example\nAction: failed\nDiagnostic-Code: smtp; ${words}`)),
    );
    const said = report?.recipients[0]?.diagnostic ?? "";
    expect(said.length).toBeLessThanOrEqual(500);
    expect(said.isWellFormed()).toBe(true);
    expect(said).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it.each([
    ["one endless line", "x".repeat(4_000_000)],
    ["empty lines", "\n".repeat(4_000_000)],
    ["half an address after the other", "<a@".repeat(1_300_000)],
    ["white space", " \t".repeat(2_000_000)],
    ["dashes", "-".repeat(4_000_000)],
    ["fields without an end", "Action: failed\n".repeat(250_000)],
    ["folded lines", "Diagnostic-Code: x\n".concat(" y\n".repeat(1_300_000))],
    ["Message-IDs that never end", "Message-ID: <".repeat(300_000)],
    ["boundaries", "--b\n".repeat(1_000_000)],
  ])("of %s costs time in proportion to its size", (_what, body) => {
    const opening = "From: MAILER-DAEMON@x\n\nHi. This is the qmail-send program\n\n";
    const texts = [opening + body, dsn(body), `Content-Type: multipart/report\n${body}`, `From: ${body}`];
    const start = performance.now();
    for (const text of texts) readReport("", bytes(text));
    // A quadratic reader of four megabytes takes hours.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it("with a wrong charset, a broken structure or a cut end is read as far as it goes, and never throws", () => {
    const whole = new TextDecoder().decode(read("postfix.eml"));
    expect(readReport("", bytes(whole.replaceAll("us-ascii", "x-none")))?.kind).toBe("failure");
    expect(readReport("", bytes(whole.replace("--=_part--", "")))?.kind).toBe("failure");
    for (let end = 0; end < whole.length; end += 7) readReport("", bytes(whole.slice(0, end)));
  });

  it("of anything at all never throws, and holds to its bounds", () => {
    const piece = fc.oneof(
      fc.constantFrom(...answers.map(({ name }) => new TextDecoder().decode(read(name)))),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    const cut = fc.tuple(piece, fc.nat(3000), fc.nat(3000)).map(([text, a, b]) => text.slice(Math.min(a, b), a + b));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 4 }), fc.constantFrom("", "a@far.example"), (pieces, mailFrom) => {
        const report = readReport(mailFrom, bytes(pieces.join("\n")));
        for (const { address, diagnostic } of report?.recipients ?? []) {
          expect(address.length).toBeLessThanOrEqual(320);
          expect((diagnostic ?? "").length).toBeLessThanOrEqual(500);
        }
      }),
      { numRuns: 300 },
    );
  });
});
