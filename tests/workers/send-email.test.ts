/** A deployment, or a domain, that sends through Cloudflare's binding: what it cannot carry is never accepted and then lost. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { problemAt, problemOf } from "./api-answers.ts";
import { storedBytes } from "./faults.ts";
import { aDomain, aLetter, anAccount, asAdmin, eventually, ingest } from "./mesh.ts";
import { bounceAddressOf, reaches, relayThrough, reports, send, taken } from "./outgoing.ts";

const { EMAIL } = env;
const ZOE = "zoe@far.example";
/** 5 MiB in base64 are more. */
const LARGE = { filename: "large.bin", content_type: "application/octet-stream", content: "A".repeat(5 * 1024 * 1024) };

afterEach(() => {
  env.EMAIL = EMAIL;
});

/** The binding, as far as it tells whom it was asked for. */
function theBinding() {
  const handed: { from: string; to: string }[] = [];
  const fake = {
    async send({ from, to }: { from: unknown; to: unknown }): Promise<EmailSendResult> {
      handed.push({ from: String(from), to: String(to) });
      return { messageId: `id-${handed.length}` };
    },
  };
  env.EMAIL = fake as SendEmail;
  return handed;
}

const message = (to: string, more = {}) => ({ to: [{ email: to }], subject: "On its way", undo_seconds: 0, ...more });

describe("a message that only send_email could carry, and cannot", () => {
  it("is refused with its size, and nothing of it is kept", async () => {
    const handed = theBinding();
    const alice = await anAccount();
    const problem = await problemOf(alice.call("POST", "/messages", message(ZOE, { attachments: [LARGE] })));
    expect(problem).toMatchObject({ reason: "message_too_large", status: 413 });
    expect(problem.detail).toMatch(/send_email, and the message has 5\d{6} bytes, and send_email takes 5242880/);
    expect(await alice.messages("sent")).toEqual([]);
    expect(await storedBytes(alice)).toEqual([]);
    expect(handed).toEqual([]);
  });

  it("is refused with the place of what makes its header too long", async () => {
    const alice = await anAccount();
    const subject = "s".repeat(999);
    expect(await problemAt(alice.call("POST", "/messages", message(ZOE, { subject })))).toBe(
      "bad_request body.subject",
    );
  });

  it("is accepted for somebody of this mesh", async () => {
    theBinding();
    const alice = await anAccount();
    const sent = await send(alice, [alice.email], { attachments: [LARGE], undo_seconds: 0 });
    await reaches(alice, sent, "delivered");
  });

  it("leaves by RELAY_URL where there is one, and what fits goes on leaving by the binding", async () => {
    const peer = await relayThrough();
    const handed = theBinding();
    const domain = await aDomain();
    await asAdmin("PUT", `/domains/${domain}/relay`, { url: "send_email:" });
    const alice = await anAccount(domain);
    await reaches(alice, await send(alice, [ZOE], { attachments: [LARGE], undo_seconds: 0 }), "sent");
    expect(await taken(peer)).toEqual([{ mail_from: bounceAddressOf(alice), rcpt_to: [ZOE] }]);
    await reaches(alice, await send(alice, ["small@far.example"], { undo_seconds: 0 }), "sent");
    expect(handed).toEqual([{ from: alice.email, to: "small@far.example" }]);
    expect(await taken(peer)).toHaveLength(1);
  });
});

describe("what send_email carries", () => {
  it("is a message to more than fifty recipients, each on its own", async () => {
    const handed = theBinding();
    const alice = await anAccount();
    const names = Array.from({ length: 60 }, (_, n) => `r${n}@d${n % 7}.example`);
    const done = await reaches(alice, await send(alice, names, { undo_seconds: 0 }), "sent");
    expect(handed.map(({ to }) => to).sort()).toEqual([...names].sort());
    expect(new Set(done.recipients.map(({ reply }) => reply)).size).toBe(60);
    expect(await reports(alice)).toEqual([]);
  });

  it("is an answer in a thread of any length", async () => {
    const handed = theBinding();
    const alice = await anAccount();
    const references = Array.from({ length: 120 }, () => `<${crypto.randomUUID()}@far.example>`).join("\r\n ");
    await ingest(ZOE, alice.email, aLetter({ extra: `References: ${references}\r\n` }));
    const [letter] = await eventually(async () => {
      const messages = await alice.messages();
      return messages.length > 0 && messages;
    });
    const sent = await send(alice, [ZOE], { in_reply_to: letter?.id, undo_seconds: 0 });
    await reaches(alice, sent, "sent");
    expect(handed).toHaveLength(1);
    const raw = await (await alice.call("GET", `/messages/${sent.id}/raw`)).text();
    const [, field = ""] = /\r\nReferences: (.*(?:\r\n[ \t].*)*)/.exec(raw) ?? [];
    const ids = field.split(/\s+/);
    expect(field.replaceAll("\r\n", "").length).toBeLessThan(2048);
    expect(ids.length).toBeGreaterThan(20);
    const opened = await alice.open(letter?.id ?? "");
    expect(ids.at(-1)).toContain(opened.headers.message_id ?? "nothing");
  });
});
