/** A flood to one account, against the service as `npm start` runs it: who is put off, and that nothing is lost. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { MessagePage } from "../../contract/messages.ts";
import { SmtpDialogue } from "../../gateway/testing/smtp-dialogue.ts";
import { call, folderOf, logIn, type Service, startService } from "../support/service.ts";

const BURST = 30;
const CONNECTIONS = 20;
const EACH = 10;

let service: Service;
beforeAll(async () => {
  const open = "source_per_minute=100000,source_burst=100000,domain_per_minute=100000,domain_burst=100000";
  service = await startService({ env: { RECEIVE_LIMITS: `${open},mailbox_per_minute=1,mailbox_burst=${BURST}` } });
});
afterAll(() => service.stop());

/** One message on an open connection: the first refusal, or the last reply. */
async function hand(client: SmtpDialogue, from: string, to: string, subject: string): Promise<string> {
  for (const command of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, "DATA"]) {
    const reply = await client.say(command);
    if (/^[45]/.test(reply)) {
      await client.say("RSET");
      return reply;
    }
  }
  const id = `${crypto.randomUUID()}@far.example`;
  client.write(`From: ${from}\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n\r\nx\r\n.\r\n`);
  return client.reply();
}

async function subjectsOf(email: string): Promise<string[]> {
  const { token } = await logIn(service, email);
  const inbox = await folderOf(service, token, "inbox");
  const answer = await call(service, "GET", `/v1/folders/${inbox.id}/messages?limit=100`, { token });
  return answer.json(MessagePage).messages.map(({ subject }) => subject);
}

/** Messages one after the other on a connection of its own: the subject and the reply of each. */
async function sender(name: string, to: string, count: number): Promise<[subject: string, reply: string][]> {
  const client = await SmtpDialogue.open(service.smtp);
  await client.say("EHLO client.test");
  const replies: [string, string][] = [];
  for (let n = 0; n < count; n++) {
    const subject = `${name}-${n}`;
    replies.push([subject, await hand(client, `${name}@${name}.example`, to, subject)]);
  }
  client.end();
  return replies;
}

it("is put off with 4xx; what was acknowledged of it is there, and another's mail comes in meanwhile", async () => {
  const flood = Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => sender(`f${n}`, "alice@mesh.test", EACH)));
  const others = await sender("zoe", "bob@mesh.test", EACH);
  const all = (await flood).flat();
  const taken = all.filter(([, reply]) => reply.startsWith("250")).map(([subject]) => subject);
  const putOff = all.filter(([, reply]) => reply.startsWith("450 4.2.1 "));
  expect(taken.length).toBeGreaterThanOrEqual(BURST);
  expect(taken.length + putOff.length).toBe(CONNECTIONS * EACH);
  expect((await subjectsOf("alice@mesh.test")).sort()).toEqual(taken.sort());
  expect(others.map(([, reply]) => reply.slice(0, 3))).toEqual(others.map(() => "250"));
  expect((await subjectsOf("bob@mesh.test")).sort()).toEqual(others.map(([subject]) => subject).sort());
}, 90_000);
