/** Cloudflare's events about mail that left through its binding, as its queue brings them. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import mesh from "../../workers/index.ts";
import { problemOf } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, eventually } from "./mesh.ts";
import { reaches, reports, send, submissionOf } from "./outgoing.ts";

const { EMAIL } = env;
const ZOE = "zoe@far.example";
const ANN = "ann@other.example";

afterEach(() => {
  env.EMAIL = EMAIL;
});

/** A message that the binding took, under the names `id-{recipient}`. */
async function aSentMessage(alice: Account, to = [ZOE]) {
  const fake = {
    send: async ({ to: recipient }: { to: unknown }) => ({ messageId: nameOf(alice, String(recipient)) }),
  };
  env.EMAIL = fake as SendEmail;
  const sent = await send(alice, to, { undo_seconds: 0 });
  await reaches(alice, sent, "sent");
  return sent;
}

const nameOf = ({ user_id }: Account, recipient: string) => `id-${user_id}-${recipient}`;

function event(alice: Account, kind: string, payload: object = {}, timestamp = new Date().toISOString()) {
  return {
    type: `cf.email.sending.message.${kind}`,
    source: { type: "email.sending", zoneId: "z", domain: "mesh.test" },
    payload: {
      ...{ eventId: crypto.randomUUID(), messageId: nameOf(alice, ZOE), sender: alice.email, recipient: ZOE },
      ...{ terminal: true, delivery: { status: kind }, ...payload },
    },
    metadata: { accountId: "a", eventSubscriptionId: "s", eventSchemaVersion: 1, eventTimestamp: timestamp },
  };
}

const answer = (status: string, response: string) => ({
  delivery: { status: "", smtpEnhancedStatusCode: status, smtpResponse: response },
});

/** Hands events to the queue's handler. Whether they are done with, or are to come again. */
async function bring(...bodies: unknown[]): Promise<"done" | "again"> {
  const messages = bodies.map((body, n) => ({ id: `m${n}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch("mailmesh-email-events", messages);
  const context = createExecutionContext();
  await mesh.queue(batch, env);
  const { retryMessages } = await getQueueResult(batch, context);
  return retryMessages.length > 0 ? "again" : "done";
}

const stateOf = async (alice: Account, sent: Parameters<typeof submissionOf>[1], n = 0) =>
  (await submissionOf(alice, sent)).recipients[n];

describe("an event", () => {
  it("that a message was delivered is shown, and nothing later takes it back", async () => {
    const alice = await aCheckedAccount();
    const sent = await aSentMessage(alice);
    expect(await bring(event(alice, "delivered", answer("2.0.0", "250 2.0.0 OK gsmtp")))).toBe("done");
    const delivered = { state: "delivered", status: "2.0.0", reply: "250 2.0.0 OK gsmtp" };
    expect(await stateOf(alice, sent)).toMatchObject(delivered);
    await bring(
      event(alice, "deferred", answer("4.2.0", "451 busy")),
      event(alice, "bounced", answer("5.1.1", "550 no")),
    );
    expect(await stateOf(alice, sent)).toMatchObject(delivered);
  });

  it("that it is late shows the words, and sends nothing again", async () => {
    const alice = await aCheckedAccount();
    const sent = await aSentMessage(alice);
    await bring(event(alice, "deferred", answer("4.2.0", "451 4.2.0 Mailbox busy")));
    expect(await stateOf(alice, sent)).toMatchObject({ state: "sent", reply: "451 4.2.0 Mailbox busy" });
    expect((await submissionOf(alice, sent)).next_attempt_at).toBeNull();
  });

  it("that it bounced fails that recipient alone, tells the sender once, and suppresses the address", async () => {
    const alice = await aCheckedAccount();
    const sent = await aSentMessage(alice, [ZOE, ANN]);
    const bounced = event(alice, "bounced", answer("5.1.1", "550 5.1.1 User unknown"));
    expect(await bring(bounced, bounced)).toBe("done");
    const { recipients } = await submissionOf(alice, sent);
    expect(Object.fromEntries(recipients.map(({ email, state }) => [email, state]))).toEqual({
      [ZOE]: "failed",
      [ANN]: "sent",
    });
    const told = await eventually(async () => {
      const found = await reports(alice);
      return found.length > 0 && found;
    });
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain("550 5.1.1 User unknown");
    const again = { to: [{ email: ZOE }], subject: "Again", body: "x", undo_seconds: 0 };
    expect((await problemOf(alice.call("POST", "/messages", again))).reason).toBe("suppressed_recipients");
  });

  it("that it was refused before it left, or called spam, says so", async () => {
    const alice = await aCheckedAccount();
    const sent = await aSentMessage(alice);
    await bring(event(alice, "complained", { complaint: { type: "abuse" } }));
    expect((await stateOf(alice, sent))?.complained_at).not.toBeNull();
    const other = await aCheckedAccount();
    const refused = await aSentMessage(other);
    const rejection = { rejection: { reason: "suppressed", party: "recipient", detail: "Recipient is suppressed" } };
    await bring(event(other, "rejected", rejection));
    expect(await stateOf(other, refused)).toMatchObject({
      state: "failed",
      status: "5.7.1",
      reply: "Recipient is suppressed",
    });
  });

  it("of a message that is not known yet comes again, and is dropped when it is old", async () => {
    const alice = await aCheckedAccount();
    const unknown = { messageId: "id-nobody-knows" };
    expect(await bring(event(alice, "delivered", unknown))).toBe("again");
    const old = new Date(Date.now() - 3_600_000).toISOString();
    expect(await bring(event(alice, "delivered", unknown, old))).toBe("done");
  });

  it("that is none, or of another account's message, changes nothing", async () => {
    const [alice, mallory] = [await aCheckedAccount(), await aCheckedAccount()];
    const sent = await aSentMessage(alice);
    const forged = event(mallory, "bounced", { messageId: nameOf(alice, ZOE) }, "2026-01-01T00:00:00.000Z");
    const stranger = event(alice, "bounced", { sender: "who@else.example" });
    expect(await bring(null, "x", {}, { type: "cf.email.sending.message.opened" }, forged, stranger)).toBe("done");
    expect(await stateOf(alice, sent)).toMatchObject({ state: "sent" });
  });
});
