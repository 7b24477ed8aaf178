/** Through a real smarthost: mail goes out under TLS with a password, and what the smarthost bounces comes back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Message, MessagePage, Sent } from "../../contract/messages.ts";
import { Submission } from "../../contract/submissions.ts";
import { SuppressionPage } from "../../contract/suppressions.ts";
import { freePorts } from "../support/free-ports.ts";
import { type Relay, startRelay } from "../support/relay.ts";
import { call, eventually, folderOf, logIn, type Service, startService } from "../support/service.ts";
import { type Postfix, startPostfix } from "./postfix.ts";

let world: Relay;
let postfix: Postfix;
let service: Service;
let token: string;

beforeAll(async () => {
  const [http, smtp, sink] = await freePorts();
  world = await startRelay();
  postfix = await startPostfix({ "far.example": world.port, "mesh.test": smtp });
  const login = `${postfix.user}:${encodeURIComponent(postfix.password)}`;
  const RELAY_URL = `smtp://${login}@127.0.0.1:${postfix.port}?tls=required`;
  const env = { RELAY_URL, PORT: String(http), SMTP_PORT: String(smtp), SINK_PORT: String(sink) };
  service = { ...(await startService({ env })), http, smtp, sink };
  ({ token } = await logIn(service, "alice@mesh.test"));
});
afterAll(async () => {
  await service?.stop();
  await postfix?.stop();
  await world?.close();
});

const get = (path: string) => call(service, "GET", `/v1${path}`, { token });
const send = async (to: string[]): Promise<Sent> => {
  const body = {
    to: to.map((email) => ({ email })),
    subject: "Über den Berg",
    body: "Grüße.\r\n.\r\n",
    undo_seconds: 0,
  };
  const answer = await call(service, "POST", "/v1/messages", { token, body });
  expect(`${answer.status} ${answer.status === 202 ? "" : answer.bytes}`).toBe("202 ");
  return answer.json(Sent);
};
/** The submission, once it is in this state; should it never be, what it is and what Postfix said of it. */
async function reaches(sent: Sent, state: Submission["state"]): Promise<Submission> {
  let submission: Submission | undefined;
  try {
    return await eventually(async () => {
      submission = (await get(`/submissions/${sent.submission_id}`)).json(Submission);
      return submission.state === state && submission;
    }, 15);
  } catch (error) {
    throw new Error(`${JSON.stringify(submission)}\n${await postfix.log()}`, { cause: error });
  }
}

/** What arrived, without the trace fields (RFC 5321 §4.4) and the signatures that stand in front of it. */
const withoutTrace = (raw: Buffer): string =>
  raw.toString("latin1").replace(/^(?:(?:Received|Return-Path|DKIM-Signature):.*\r\n(?:[ \t].*\r\n)*)+/, "");

it("a message arrives once, byte for byte, over STARTTLS and with a password", async () => {
  const sent = await send(["bob@far.example"]);
  const submission = await reaches(sent, "sent");
  expect(submission.recipients).toMatchObject([{ status: "2.0.0" }]);
  await eventually(async () => world.taken.length > 0);
  const raw = (await get(`/messages/${sent.id}/raw`)).bytes;
  expect(world.taken.map(({ to }) => to)).toEqual([["bob@far.example"]]);
  expect(withoutTrace(world.taken[0]?.raw ?? Buffer.alloc(0))).toBe(raw.toString("latin1"));
  expect(world.taken[0]?.from).toMatch(/^alice\+b-[0-9a-z]{19}@mesh\.test$/);
  // RFC 3848: ESMTP with STARTTLS and AUTH.
  expect(world.taken[0]?.raw.toString()).toMatch(
    /^Received: from mesh\.test .*\r\n\tby relay\.example .* with ESMTPSA /,
  );
  expect(await postfix.log()).toMatch(/sasl_method=(?:PLAIN|LOGIN), sasl_username=mesh/);
});

it("a recipient whom the next server refuses is bounced by Postfix, and found failed, in its words and its conversation", async () => {
  world.refuse = (recipient) =>
    recipient === "nobody@far.example" ? { code: 550, text: "5.1.1 Nobody lives here" } : null;
  const sent = await send(["ann@far.example", "nobody@far.example"]);
  const submission = await reaches(sent, "failed");
  expect(Object.fromEntries(submission.recipients.map(({ email, state }) => [email, state]))).toEqual({
    "ann@far.example": "sent",
    "nobody@far.example": "failed",
  });
  expect(submission.recipients.find(({ state }) => state === "failed")).toMatchObject({
    status: "5.1.1",
    reply: expect.stringContaining("Nobody lives here"),
  });
  const { thread_id } = (await get(`/messages/${sent.id}`)).json(Message);
  const inbox = await get(`/folders/${(await folderOf(service, token, "inbox")).id}/messages`);
  const { messages } = inbox.json(MessagePage);
  expect(messages).toMatchObject([{ subject: "Undelivered Mail Returned to Sender", thread_id, is_read: false }]);
  expect((await get("/suppressions")).json(SuppressionPage).suppressions).toMatchObject([
    { email: "nobody@far.example", reason: "bounce" },
  ]);
});
