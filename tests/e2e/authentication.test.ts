/** Who mail is really from, over SMTP to the launched service, with a DNS server of the test's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { Message, MessagePage } from "../../contract/messages.ts";
import { aLetter, aZone, signed } from "../../gateway/authentication/letters.test-support.ts";
import { type FakeDns, startDns } from "../../gateway/testing/fake-dns.ts";
import { call, eventually, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { connectSmtp, type SmtpClient } from "../support/smtp-client.ts";

const ALICE = "alice@mesh.test";
/** The connections of this test come from here. */
const HERE = { TXT: ["v=spf1 ip4:127.0.0.1 -all"] };

async function aService(env: Record<string, string>) {
  const service = await startService({ env: { INBOUND_AUTHENTICATION: "on", ...env } });
  return { service, smtp: await connectSmtp(service.smtp), token: (await logIn(service, ALICE)).token };
}

async function arrived(service: Service, token: string, subject: string, role: "inbox" | "junk" = "inbox") {
  const { id } = await folderOf(service, token, role);
  const found = await eventually(async () => {
    const page: z.infer<typeof MessagePage> = (
      await call(service, "GET", `/v1/folders/${id}/messages`, { token })
    ).json(MessagePage);
    return page.messages.find((message) => message.subject === subject);
  });
  return (await call(service, "GET", `/v1/messages/${found.id}`, { token })).json(Message);
}

const letter = (from: string, subject: string) =>
  Buffer.from(
    aLetter(from)
      .toString()
      .replace("Subject: Hello", `Subject: ${subject}`)
      .replace("<1@", `<${subject.replaceAll(" ", "-")}@`),
  );

describe("with a DNS that answers", () => {
  let dns: FakeDns;
  let mesh: Awaited<ReturnType<typeof aService>>;
  beforeAll(async () => {
    dns = await startDns({ ...aZone(), "here.example": HERE, "_dmarc.here.example": { TXT: ["v=DMARC1; p=reject"] } });
    mesh = await aService({ DNS_SERVERS: dns.server });
  });
  afterAll(async () => {
    mesh?.smtp.close();
    await mesh?.service.stop();
    await dns?.close();
  });

  it("mail from where its domain sends is verified, by SPF alone", async () => {
    await mesh.smtp.send("zoe@here.example", [ALICE], letter("Zoe <zoe@here.example>", "by SPF"));
    const { authentication } = await arrived(mesh.service, mesh.token, "by SPF");
    expect(authentication).toMatchObject({
      by: "mesh.test",
      sender: "verified",
      spf: { result: "pass", domain: "here.example" },
      dmarc: { result: "pass", domain: "here.example", policy: "reject" },
    });
  });

  it("and by its signature alone", async () => {
    const raw = await signed(letter("Bank <info@bank.example>", "by DKIM"), "bank.example");
    await mesh.smtp.send("bounce@elsewhere.example", [ALICE], raw);
    const { authentication } = await arrived(mesh.service, mesh.token, "by DKIM");
    expect(authentication).toMatchObject({ sender: "verified", dkim: [{ result: "pass", domain: "bank.example" }] });
  });

  it("what is forged is refused after DATA, whatever it says of itself", async () => {
    const raw = Buffer.concat([
      Buffer.from("Authentication-Results: mesh.test; dmarc=pass header.from=bank.example\r\n"),
      letter("Bank <info@bank.example>", "forged"),
    ]);
    await expect(mesh.smtp.send("zoe@here.example", [ALICE], raw)).rejects.toMatchObject({
      responseCode: 550,
      response: expect.stringMatching(/^550 5\.7\.1 /),
    });
    // Quarantine: taken, and junk.
    await mesh.smtp.send("zoe@here.example", [ALICE], letter("a@lax.example", "put aside"));
    const message = await arrived(mesh.service, mesh.token, "put aside", "junk");
    expect(message.warnings.map(({ reason }) => reason)).toContain("sender_forged");
  });
});

describe("without a network", () => {
  let mesh: { service: Service; smtp: SmtpClient; token: string };
  beforeAll(async () => {
    const dns = await startDns();
    await dns.close();
    mesh = await aService({ DNS_SERVERS: dns.server });
  });
  afterAll(async () => {
    mesh?.smtp.close();
    await mesh?.service.stop();
  });

  it("mail comes in all the same, and nothing is said of who it is from", async () => {
    for (let n = 0; n < 20; n++)
      await mesh.smtp.send("zoe@here.example", [ALICE], letter("info@bank.example", `no. ${n}`));
    const { authentication } = await arrived(mesh.service, mesh.token, "no. 19");
    expect(authentication).toMatchObject({
      sender: "unverified",
      dmarc: { result: "temperror" },
      spf: { result: "temperror" },
    });
  });
});
