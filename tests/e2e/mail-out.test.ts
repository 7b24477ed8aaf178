import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Message, MessagePage, Sent } from "../../contract/messages.ts";
import { Submission } from "../../contract/submissions.ts";
import { startRelay } from "../support/relay.ts";
import { call, eventually, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

/** Messages of alice's or bob's inbox with this subject. */
async function inInbox(service: Service, token: string, subject: string) {
  const { id } = await folderOf(service, token, "inbox");
  const page = (await call(service, "GET", `/v1/folders/${id}/messages`, { token })).json(MessagePage);
  return page.messages.filter((message) => message.subject === subject);
}

const submissionOf = async (service: Service, token: string, id: string) =>
  (await call(service, "GET", `/v1/submissions/${id}`, { token })).json(Submission);

describe("an answer", () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await service.stop();
  });

  /** What left the mesh, with its envelope. */
  function sunk(): { raw: Buffer; envelope: { rcpt_to: string[] } }[] {
    const folder = join(service.state, "sink");
    const files = readdirSync(folder).filter((file) => file.endsWith(".eml"));
    return files.map((file) => ({
      raw: readFileSync(join(folder, file)),
      envelope: JSON.parse(readFileSync(join(folder, file.replace(/\.eml$/, ".json"))).toString()),
    }));
  }

  it("leaves with every part intact, threads, and shows Bcc to nobody", async () => {
    const { token } = await logIn(service, "alice@mesh.test");
    const client = await connectSmtp(service.smtp);
    const question =
      "From: Zoe <zoe@far.example>\r\nTo: alice@mesh.test\r\nSubject: Plan\r\nMessage-ID: <q2@far.example>\r\nReferences: <q1@far.example>\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\n\r\nWhen?\r\n";
    await client.send("zoe@far.example", ["alice@mesh.test"], Buffer.from(question));
    client.close();
    const [asked] = await inInbox(service, token, "Plan");
    const attachment = randomBytes(3_000_000);
    const subject =
      "Re: Plan für nächste Woche — 会議の予定 🗓️ with enough words that the line has to be folded somewhere";
    const answer = await call(service, "POST", "/v1/messages", {
      token,
      body: {
        to: [{ name: "Zoë Ångström", email: "zoe@far.example" }],
        cc: [{ name: "Carl, Jr.", email: "carl@far.example" }],
        bcc: [{ email: "boss@secret.example" }],
        subject,
        body: "Dienstag.\r\n.\r\nFrom me",
        undo_seconds: 0,
        body_html: "<p>Dienstag. <b>日曜日</b></p>",
        attachments: [
          { filename: 'Plan "Ü" 予定.bin', content: attachment.toString("base64") },
          { filename: "notes.txt", content_type: "text/plain", content: Buffer.from("zwei\r\n").toString("base64") },
        ],
        in_reply_to: asked?.id,
      },
    });
    expect(answer.status).toBe(202);
    // One transaction for each domain.
    const copies = await eventually(async () => {
      const all = sunk();
      return all.flatMap(({ envelope }) => envelope.rcpt_to).length === 3 && all;
    });
    expect(copies.flatMap(({ envelope }) => envelope.rcpt_to).sort()).toEqual([
      "boss@secret.example",
      "carl@far.example",
      "zoe@far.example",
    ]);
    for (const { raw } of copies) {
      expect(raw.toString("latin1")).not.toMatch(/boss@secret/);
      const mail = await simpleParser(raw);
      expect(mail.subject).toBe(subject);
      expect(mail.from?.value[0]?.address).toBe("alice@mesh.test");
      expect([mail.to, mail.cc].flatMap((list) => [list ?? []].flat().flatMap(({ value }) => value))).toMatchObject([
        { name: "Zoë Ångström", address: "zoe@far.example" },
        { name: "Carl, Jr.", address: "carl@far.example" },
      ]);
      expect(mail.inReplyTo).toBe("<q2@far.example>");
      expect(mail.references).toEqual(["<q1@far.example>", "<q2@far.example>"]);
      expect(mail.text?.trim()).toBe("Dienstag.\n.\nFrom me");
      expect(mail.html).toBe("<p>Dienstag. <b>日曜日</b></p>");
      expect(mail.attachments.map(({ filename }) => filename)).toEqual(['Plan "Ü" 予定.bin', "notes.txt"]);
      expect(mail.attachments[0]?.content.equals(attachment)).toBe(true);
      expect(mail.attachments[1]?.content.toString()).toBe("zwei\r\n");
    }
    const { id } = answer.json(Sent);
    const sent = (await call(service, "GET", `/v1/messages/${id}`, { token })).json(Message);
    expect(sent.bcc).toEqual([{ name: "", email: "boss@secret.example" }]);
    expect(sent.thread_id).toBe(asked?.thread_id);
  });

  it("to someone in the mesh arrives without leaving it", async () => {
    const { token } = await logIn(service, "alice@mesh.test");
    const before = sunk().length;
    const answer = await call(service, "POST", "/v1/messages", {
      token,
      body: { to: [{ email: "bob@mesh.test" }], subject: "Lunch?", body: "At one.", undo_seconds: 0 },
    });
    const bob = await logIn(service, "bob@mesh.test");
    const [arrived] = await eventually(async () => {
      const found = await inInbox(service, bob.token, "Lunch?");
      return found.length > 0 && found;
    });
    expect(arrived?.from?.email).toBe("alice@mesh.test");
    const { submission_id } = answer.json(Sent);
    await eventually(async () => (await submissionOf(service, token, submission_id)).state === "delivered");
    expect(sunk().length).toBe(before);
  });
});

describe("a relay in trouble", () => {
  it("gets the message once, when it is up and willing, and the submission says so at each moment", async () => {
    const relay = await startRelay();
    await relay.close();
    const env = { RELAY_URL: `smtp://127.0.0.1:${relay.port}`, RETRY_DELAYS_SECONDS: "1" };
    let service = await startService({ env });
    const { token } = await logIn(service, "alice@mesh.test");
    const body = { to: [{ email: "zoe@far.example" }], subject: "Patience", body: "Once.", undo_seconds: 0 };
    const { submission_id } = (await call(service, "POST", "/v1/messages", { token, body })).json(Sent);
    const down = await eventually(async () => {
      const now = await submissionOf(service, token, submission_id);
      return now.state === "deferred" && now;
    });
    expect(down.next_attempt_at).not.toBeNull();

    // Stopped and started again while it waits: it goes on.
    await service.stop();
    const again = await startRelay(relay.port);
    again.refuse = () => ({ code: 451, text: "4.7.1 Greylisted, come back" });
    service = await startService({ env, after: service });
    const greylisted = await eventually(async () => {
      const now = await submissionOf(service, token, submission_id);
      return now.recipients[0]?.reply?.includes("Greylisted") && now;
    }, 20);
    expect(greylisted.state).toMatch(/deferred|sending/);
    expect(again.taken).toHaveLength(0);

    again.refuse = () => null;
    const sent = await eventually(async () => {
      const now = await submissionOf(service, token, submission_id);
      return now.state === "sent" && now;
    }, 20);
    expect(sent).toMatchObject({ next_attempt_at: null, recipients: [{ email: "zoe@far.example", state: "sent" }] });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(again.taken.map(({ to }) => to)).toEqual([["zoe@far.example"]]);
    await service.stop();
    await again.close();
  });

  it("that refuses for good makes a report in the sender's inbox", async () => {
    const relay = await startRelay();
    relay.refuse = () => ({ code: 550, text: "5.1.1 Nobody of that name" });
    const service = await startService({ env: { RELAY_URL: `smtp://127.0.0.1:${relay.port}` } });
    const { token } = await logIn(service, "alice@mesh.test");
    const body = { to: [{ email: "nobody@far.example" }], subject: "Anybody?", body: "Hello?", undo_seconds: 0 };
    const sent = (await call(service, "POST", "/v1/messages", { token, body })).json(Sent);
    const { id } = await folderOf(service, token, "inbox");
    const report = await eventually(async () => {
      const page = (await call(service, "GET", `/v1/folders/${id}/messages`, { token })).json(MessagePage);
      const [first] = page.messages;
      return first && (await call(service, "GET", `/v1/messages/${first.id}`, { token })).json(Message);
    });
    expect(report.body).toContain("nobody@far.example");
    expect(report.body).toContain("Nobody of that name");
    expect(report.return_path).toBe("");
    const copy = (await call(service, "GET", `/v1/messages/${sent.id}`, { token })).json(Message);
    expect(report.thread_id).toBe(copy.thread_id);
    expect((await submissionOf(service, token, sent.submission_id)).recipients[0]).toMatchObject({
      state: "failed",
      status: "5.1.1",
    });
    await service.stop();
    await relay.close();
  });
});
