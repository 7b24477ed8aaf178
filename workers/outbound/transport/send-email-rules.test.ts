import { describe, expect, it } from "vitest";
import { composeMessage } from "../../../mail/compose/compose-message.ts";
import { unfitForSendEmail } from "./send-email-rules.ts";

const unfit = (...fields: string[]) => {
  const raw = new TextEncoder().encode(
    ["From: ana@mesh.test", ...fields, "", "Not-A-Field: in the body", ""].join("\r\n"),
  );
  return unfitForSendEmail({ mail_from: "ana@mesh.test", raw })?.words ?? null;
};

describe("what send_email carries", () => {
  it.each([
    ["In-Reply-To: <1@x>", "References: <1@x>\r\n <2@x>", "X-Campaign_ID: 7", "Auto-Submitted: auto-replied"],
    ["MIME-Version: 1.0", 'Content-Type: text/plain;\r\n\tcharset="utf-8"', "Content-Transfer-Encoding: base64"],
    [`X-Long: ${"x".repeat(2048)}`],
    [`To: ${"someone@far.example, ".repeat(200)}z@far.example`],
    Array.from({ length: 100 }, (_, n) => `X-Field-${n}: value`),
  ])("is %s", (...fields) => {
    expect(unfit(...fields)).toBeNull();
  });

  it("is what is composed here", () => {
    const raw = composeMessage({
      from: { name: "Ana", email: "ana@mesh.test" },
      to: [{ name: "", email: "bob@far.example" }],
      cc: [{ name: "", email: "eve@far.example" }],
      reply_to: [{ name: "", email: "ana@mesh.test" }],
      subject: "Grüße ".repeat(50),
      body: "Hello",
      body_html: "<p>Hello</p>",
      attachments: [],
      in_reply_to: "1@far.example",
      references: ["0@far.example"],
      message_id: "2@mesh.test",
      date: new Date("2026-11-25T04:00:00Z"),
      boundary_seed: "0123456789abcdef0123456789abcdef",
    });
    expect(unfitForSendEmail({ mail_from: "ana@mesh.test", raw })).toBeNull();
  });
});

describe("what send_email does not carry", () => {
  it.each([
    [["Received: by somewhere"], "send_email takes no field Received"],
    [["DKIM-Signature: v=1"], "send_email takes no field DKIM-Signature"],
    [["Disposition-Notification-To: ana@mesh.test"], "send_email takes no field Disposition-Notification-To"],
    [[`X-Long: ${"x".repeat(2049)}`], "the field X-Long has 2049 bytes, and send_email takes 2048"],
    // Octets and not characters.
    [[`X-Long: ${"ü".repeat(1025)}`], "the field X-Long has 2050 bytes, and send_email takes 2048"],
    [["Keywords: a", "Keywords: b"], "the field Keywords is there twice, which send_email refuses"],
    [["Organization:"], "the field Organization is empty, which send_email refuses"],
    [[`X-${"n".repeat(99)}: 1`], `the name of the field X-${"n".repeat(99)} is too long for send_email`],
    [[`Subject: ${"s".repeat(999)}`], "the subject has 999 characters, and send_email takes 998"],
    [
      Array.from({ length: 9 }, (_, n) => `X-Field-${n}: ${"x".repeat(2000)}`),
      "the header is larger than the 16384 bytes of send_email",
    ],
  ])("is %s", (fields, words) => {
    expect(unfit(...fields)).toBe(words);
  });

  it("is looked for in linear time", () => {
    const began = performance.now();
    const raw = new TextEncoder().encode(`From: a@b\r\n${"X-A:\r\n \r\n".repeat(400_000)}`);
    unfitForSendEmail({ mail_from: "a@b", raw });
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
