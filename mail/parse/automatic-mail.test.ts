import { describe, expect, it } from "vitest";
import { expectSound, PARSERS } from "../compose/read-back.test-support.ts";
import { composeReadReceipt } from "../compose/read-receipt.ts";
import { whyAutomatic } from "./automatic-mail.ts";

const why = (...fields: string[]) =>
  whyAutomatic(new TextEncoder().encode([...fields, "From: a@b.example", "", "Precedence: bulk"].join("\r\n")));

const RECEIPT = {
  reader: { name: "Böb", email: "bob@mesh.test" },
  to: "ask@far.example",
  host: "mesh.test",
  original: { message_id: "q@far.example", subject: "Größe?\r\nBcc: x@y", sent_at: new Date(0) },
  message_id: "one@mesh.test",
  date: new Date("2026-11-25T05:00:00Z"),
  boundary_seed: "5c0b7a2e-1f1d-4c22-8333-944444444444",
};

describe("mail that nobody waits for an answer to", () => {
  it.each([
    ["List-Id: <dev.far.example>", "list"],
    ["List-Unsubscribe: <https://far.example/out>", "list"],
    ["list-post: NO", "list"],
    ["Precedence: Bulk", "list"],
    ["Precedence: first-class", null],
    ["Auto-Submitted: auto-generated", "automatic"],
    ["Auto-Submitted: auto-replied (vacation)", "automatic"],
    ["Auto-Submitted: no", null],
    ["Auto-Submitted:", null],
    ["Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "automatic"],
    ["X-Precedence: bulk", null],
  ])("says so in %s", (field, wanted) => {
    expect(why(field)).toBe(wanted);
  });

  it("is a read receipt itself", () => {
    expect(whyAutomatic(composeReadReceipt(RECEIPT))).toBe("automatic");
  });
});

describe("a read receipt", () => {
  it.each(PARSERS)("is read by %s, and no subject gets out of its place", async (_name, read) => {
    const raw = composeReadReceipt(RECEIPT);
    expectSound(raw);
    expect(await read(raw)).toMatchObject({
      subject: "Read: Größe? Bcc: x@y",
      from: ["Böb|bob@mesh.test"],
      to: ["|ask@far.example"],
      cc: [],
      references: ["<q@far.example>"],
    });
    const text = new TextDecoder().decode(raw);
    expect(text).toContain("Content-Type: message/disposition-notification\r\n");
    expect(text).toContain("Reporting-UA: mesh.test; Mailmesh\r\nFinal-Recipient: rfc822; bob@mesh.test\r\n");
  });

  it("is made without an id of the original, and for an address beyond ASCII", () => {
    const original = { message_id: "no id", subject: "", sent_at: null };
    const raw = composeReadReceipt({ ...RECEIPT, original, reader: { name: "", email: "bø@mesh.test" } });
    const text = new TextDecoder().decode(raw);
    expect(text).toContain("Final-Recipient: utf-8; b\\x{F8}@mesh.test\r\nDisposition:");
    expect(text).not.toMatch(/Original-Message-ID|In-Reply-To/);
  });
});
