import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { composeMessage } from "./compose-message.ts";
import { composeDeliveryStatus, type DeliveryStatusReport, type FailedRecipient } from "./delivery-status.ts";
import { anOutgoing, expectSound, fieldNamesOf, headerOf, linesOf } from "./read-back.test-support.ts";

const FAILED: FailedRecipient = {
  address: "bob@example.com",
  action: "failed",
  status: "5.1.1",
  diagnostic: "550 5.1.1 <bob@example.com>: no such user",
  remote_mta: "mx.example.com",
};
const DELAYED: FailedRecipient = {
  address: "carol@example.org",
  action: "delayed",
  status: "4.4.1",
  diagnostic: null,
  remote_mta: null,
};

function aReport(changes: Partial<DeliveryStatusReport> = {}): DeliveryStatusReport {
  return {
    reporting_mta: "mx.mesh.test",
    to: { name: "Alice", email: "alice@mesh.test" },
    message_id: "report@mesh.test",
    date: new Date("2025-11-24T04:00:00Z"),
    boundary_seed: "c1f0d2b4-0000-4000-8000-1234567890ab",
    original: {
      message_id: "<sent@mesh.test>",
      subject: "Invoice",
      headers: new TextEncoder().encode(
        "From: alice@mesh.test\r\nSubject: Invoice\r\nMessage-ID: <sent@mesh.test>\r\n",
      ),
      arrived_at: new Date("2025-11-24T03:21:07Z"),
    },
    recipients: [FAILED],
    ...changes,
  };
}

/** The parts between the delimiters, each as `[header lines, body]`. */
function partsOf(raw: Uint8Array): [header: string[], body: string][] {
  const text = linesOf(raw).join("\r\n");
  return text
    .split(/\r\n--mesh-[^\r]*/)
    .slice(1, -1)
    .map((part) => {
      const [header = "", ...rest] = part.replace(/^\r\n/, "").split("\r\n\r\n");
      return [header.split("\r\n"), rest.join("\r\n\r\n")];
    });
}

const textOf = async (raw: Uint8Array) => (await PostalMime.parse(raw)).text ?? "";

describe("a delivery report", () => {
  it("is a multipart/report of words, fields and the sent header", () => {
    const raw = composeDeliveryStatus(aReport());
    expectSound(raw);
    expect(headerOf(raw)).toEqual([
      "Date: Mon, 24 Nov 2025 04:00:00 +0000",
      "From: Mail Delivery System <mailer-daemon@mx.mesh.test>",
      "To: Alice <alice@mesh.test>",
      "Subject: Not delivered to bob@example.com: Invoice",
      "Message-ID: <report@mesh.test>",
      "In-Reply-To: <sent@mesh.test>",
      "References: <sent@mesh.test>",
      "Auto-Submitted: auto-replied",
      "MIME-Version: 1.0",
      "Content-Type: multipart/report; report-type=delivery-status;",
      ' boundary="mesh-c1f0d2b4-0000-4000-8000-1234567890ab-m"',
    ]);
    expect(partsOf(raw).map(([header]) => header[0])).toEqual([
      "Content-Type: text/plain; charset=utf-8",
      "Content-Type: message/delivery-status",
      "Content-Type: text/rfc822-headers",
    ]);
  });

  it("has the fields of RFC 3464, an empty line between recipients", () => {
    const [, status] = partsOf(composeDeliveryStatus(aReport({ recipients: [FAILED, DELAYED] })));
    expect(status?.[1]).toBe(
      [
        "Reporting-MTA: dns; mx.mesh.test",
        "Arrival-Date: Mon, 24 Nov 2025 03:21:07 +0000",
        "",
        "Final-Recipient: rfc822; bob@example.com",
        "Action: failed",
        "Status: 5.1.1",
        "Remote-MTA: dns; mx.example.com",
        "Diagnostic-Code: smtp; 550 5.1.1 <bob@example.com>: no such user",
        "",
        "Final-Recipient: rfc822; carol@example.org",
        "Action: delayed",
        "Status: 4.4.1",
        "",
      ].join("\r\n"),
    );
  });

  it("says until when what is late is tried (RFC 3464 §2.3.9)", () => {
    const until = new Date("2025-11-28T03:21:07Z");
    const raw = composeDeliveryStatus(aReport({ recipients: [{ ...DELAYED, will_retry_until: until }] }));
    expect(new TextDecoder().decode(raw)).toContain(
      "Action: delayed\r\nStatus: 4.4.1\r\nWill-Retry-Until: Fri, 28 Nov 2025 03:21:07 +0000\r\n",
    );
  });

  it("is read by two parsers, and answers the sent message", async () => {
    const raw = composeDeliveryStatus(aReport());
    const one = await simpleParser(Buffer.from(raw), { keepDeliveryStatus: true });
    const two = await PostalMime.parse(raw);
    expect([one.inReplyTo, two.inReplyTo]).toEqual(["<sent@mesh.test>", "<sent@mesh.test>"]);
    expect([one.subject, two.subject]).toEqual(Array(2).fill("Not delivered to bob@example.com: Invoice"));
    for (const text of [one.text, two.text]) expect(text).toContain("no such user");
  });

  it("tells a person who, what the server said in its own words, and what to do", async () => {
    const text = await textOf(composeDeliveryStatus(aReport({ recipients: [FAILED, DELAYED] })));
    expect(text.trimEnd()).toBe(
      `This is the mail system at mx.mesh.test.

Your message "Invoice"
of Mon, 24 Nov 2025 03:21:07 +0000

could not be delivered to:

  bob@example.com
  The server mx.example.com said:
    550 5.1.1 <bob@example.com>: no such user
  What to do:
    Check the address for a mistake, and send the message to the right one.

has not been delivered yet, and will be tried again, to:

  carol@example.org
  No server gave a reason.
  What to do:
    Nothing. It is tried again, and you hear of it if that fails.

The header of your message is attached.`,
    );
  });

  it.each([
    ["5.1.1", "Check the address"],
    ["5.1.8", "Ask your administrator"],
    ["5.2.2", "mailbox is full"],
    ["5.2.1", "takes no mail"],
    ["5.2.3", "too large"],
    ["5.3.4", "too large"],
    ["4.4.7", "could not be reached in time"],
    ["5.7.1", "does not accept this message"],
    ["5.0.0", "Try again later"],
    ["nonsense", "Try again later"],
  ])("knows what to do about %s", async (status, advice) => {
    expect(await textOf(composeDeliveryStatus(aReport({ recipients: [{ ...FAILED, status }] })))).toContain(advice);
  });

  it.each([
    ["Not delivered to bob@example.com: Invoice", [FAILED]],
    ["Not delivered to 3 recipients: Invoice", [FAILED, FAILED, FAILED]],
    ["Not delivered yet to carol@example.org: Invoice", [DELAYED]],
    ["Not delivered to bob@example.com: Invoice", [DELAYED, FAILED]],
  ])("says in its subject: %s", (subject, recipients) => {
    expect(headerOf(composeDeliveryStatus(aReport({ recipients })))).toContain(`Subject: ${subject}`);
  });

  it("carries an address beyond ASCII in its 7-bit form, and the person's letters in the words", async () => {
    const raw = composeDeliveryStatus(aReport({ recipients: [{ ...FAILED, address: "用+户@例え.テスト" }] }));
    expectSound(raw);
    expect(linesOf(raw)).toContain("Final-Recipient: utf-8; \\x{7528}\\x{2B}\\x{6237}@xn--r8jz45g.xn--zckzah");
    expect(await textOf(raw)).toContain("用+户@例え.テスト");
  });

  it("keeps a server's hostile or endless answer inside its field", async () => {
    const diagnostic = `550-ünfriendly\r\n550 x\r\n\r\nFinal-Recipient: rfc822; eve@evil.test\r\nAction: delivered\0 ${"z".repeat(9000)}`;
    const raw = composeDeliveryStatus(
      aReport({
        recipients: [{ ...FAILED, diagnostic, remote_mta: "evil\r\nAction: delivered", status: "5.1.1\r\nX: y" }],
      }),
    );
    expectSound(raw, { asItIs: true });
    const [, status] = partsOf(raw);
    const names = (status?.[1] ?? "").split("\r\n").flatMap((line) => /^([A-Za-z-]+):/.exec(line)?.[1] ?? []);
    expect(names).toEqual(["Reporting-MTA", "Arrival-Date", "Final-Recipient", "Action", "Status", "Diagnostic-Code"]);
    expect(status?.[1]).toContain("Status: 5.0.0\r\n");
    expect(status?.[1]).toContain("550-?nfriendly 550 x Final-Recipient:");
    expect(raw.length).toBeLessThan(8000);
    expect(await textOf(raw)).toContain("ünfriendly");
  });

  it("takes hostile names, hosts and subjects for text", () => {
    const text = 'x\r\nBcc: victim@example.com\r\n\r\n"<a>,\0';
    const raw = composeDeliveryStatus(
      aReport({
        reporting_mta: text,
        to: { name: text, email: text },
        original: { ...aReport().original, subject: text, message_id: text },
        recipients: [{ ...FAILED, address: text }],
      }),
    );
    expectSound(raw);
    expect(fieldNamesOf(raw)).toEqual([
      "Date",
      "From",
      "To",
      "Subject",
      "Message-ID",
      "Auto-Submitted",
      "MIME-Version",
      "Content-Type",
    ]);
  });

  it.each([
    ["as sent", "A: 1\r\nB: 2\r\n", "A: 1\r\nB: 2\r\n", "7bit"],
    ["with bare line feeds", "A: 1\nB: 2\n", "A: 1\r\nB: 2\r\n", "7bit"],
    ["without a last line end", "A: 1\r\n x", "A: 1\r\n x\r\n", "7bit"],
    ["up to the body", "A: 1\r\n\r\nbody", "A: 1\r\n", "7bit"],
    ["with 8-bit letters", "A: ü\r\n", "A: =C3=BC\r\n", "quoted-printable"],
  ])("returns the sent header %s", (_what, headers, returned, encoding) => {
    const original = { ...aReport().original, headers: new TextEncoder().encode(headers) };
    const raw = composeDeliveryStatus(aReport({ original }));
    expectSound(raw);
    const [, , part] = partsOf(raw);
    expect(part?.[0]).toContain(`Content-Transfer-Encoding: ${encoding}`);
    expect(part?.[1]).toBe(returned);
  });

  it("returns the header of what composeMessage made", () => {
    const sent = composeMessage(anOutgoing({ subject: "Grüße", references: Array(3).fill("<r@mesh.test>") }));
    const [, , part] = partsOf(composeDeliveryStatus(aReport({ original: { ...aReport().original, headers: sent } })));
    expect(part?.[1]).toBe(`${headerOf(sent).join("\r\n")}\r\n`);
  });
});
