import { describe, expect, it } from "vitest";
import { sendEmailTransport } from "./send-email-transport.ts";
import type { Transmission } from "./transport.ts";

const LETTER: Transmission = {
  mail_from: "ana@mesh.test",
  rcpt_to: ["bob@example.org"],
  raw: new TextEncoder().encode("From: ana@mesh.test\r\nMessage-ID: <1@mesh.test>\r\n\r\nHello\r\n"),
};

/** A binding that answers each recipient as told, and keeps whom it was asked for. */
function binding(answer: (to: string) => unknown) {
  const asked: string[] = [];
  const fake = {
    async send(message: { to: unknown }) {
      const to = String(message.to);
      asked.push(to);
      const outcome = answer(to);
      if (outcome instanceof Error) throw outcome;
      return (await outcome) as EmailSendResult;
    },
  };
  return { asked, EMAIL: fake as SendEmail };
}

const error = (code: string, message = "says the platform") => Object.assign(new Error(message), { code });

describe("the send_email binding", () => {
  it("gets the message once for each recipient, and its id comes back", async () => {
    const { EMAIL, asked } = binding((to) => ({ messageId: `id-of-${to}` }));
    const results = await sendEmailTransport(EMAIL).send({
      ...LETTER,
      rcpt_to: ["bob@example.org", "eve@example.org"],
    });
    expect(results).toEqual([
      {
        address: "bob@example.org",
        result: "sent",
        status: "2.0.0",
        reply: "accepted as id-of-bob@example.org",
        remote_mta: null,
        transport_id: "id-of-bob@example.org",
      },
      expect.objectContaining({ address: "eve@example.org", result: "sent" }),
    ]);
    expect(asked).toEqual(["bob@example.org", "eve@example.org"]);
  });

  it.each([
    ["E_RATE_LIMIT_EXCEEDED", "deferred", "4.4.5"],
    ["E_DAILY_LIMIT_EXCEEDED", "deferred", "4.4.5"],
    ["E_INTERNAL_SERVER_ERROR", "deferred", "4.3.0"],
    ["E_DELIVERY_FAILED", "deferred", "4.4.0"],
    ["E_SENDER_NOT_VERIFIED", "deferred", "4.3.5"],
    ["E_SENDER_DOMAIN_NOT_AVAILABLE", "deferred", "4.3.5"],
    ["E_RECIPIENT_SUPPRESSED", "failed", "5.7.1"],
    ["E_RECIPIENT_NOT_ALLOWED", "failed", "5.7.1"],
    ["E_TOO_MANY_RECIPIENTS", "failed", "5.5.3"],
    ["E_CONTENT_TOO_LARGE", "failed", "5.3.4"],
    ["E_VALIDATION_ERROR", "failed", "5.6.0"],
    ["E_FIELD_MISSING", "failed", "5.6.0"],
    ["E_HEADER_NOT_ALLOWED", "failed", "5.6.0"],
    ["E_HEADER_VALUE_TOO_LONG", "failed", "5.6.0"],
    ["E_HEADERS_TOO_LARGE", "failed", "5.6.0"],
    ["E_SOMETHING_NEW", "deferred", "4.3.0"],
  ])("with %s: %s %s", async (code, result, status) => {
    const { EMAIL } = binding(() => error(code));
    const [only] = await sendEmailTransport(EMAIL).send(LETTER);
    expect(only).toMatchObject({ result, status, reply: `${code}: says the platform` });
  });

  it.each([new Error("no code at all"), "not even an error", undefined])("defers when it throws %j", async (thrown) => {
    const EMAIL = { send: () => Promise.reject(thrown) } as unknown as SendEmail;
    const [only] = await sendEmailTransport(EMAIL).send(LETTER);
    expect(only).toMatchObject({ result: "deferred", status: "4.3.0" });
  });

  it("answers for each recipient alone", async () => {
    const { EMAIL } = binding((to) => (to.startsWith("gone") ? error("E_RECIPIENT_SUPPRESSED") : { messageId: "1" }));
    const rcpt_to = ["gone@x.example", "bob@x.example", "not an address"];
    const results = await sendEmailTransport(EMAIL).send({ ...LETTER, rcpt_to });
    expect(results.map(({ result, status }) => `${result} ${status}`)).toEqual([
      "failed 5.7.1",
      "sent 2.0.0",
      "failed 5.1.3",
    ]);
  });

  it("is not asked again once a limit of the account is reached", async () => {
    const { EMAIL, asked } = binding((to) =>
      to.startsWith("b") ? error("E_DAILY_LIMIT_EXCEEDED") : { messageId: "1" },
    );
    const rcpt_to = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];
    const results = await sendEmailTransport(EMAIL).send({ ...LETTER, rcpt_to });
    expect(results.map(({ result }) => result)).toEqual(["sent", "deferred", "deferred", "deferred"]);
    expect(asked).toEqual(["a@x.example", "b@x.example"]);
  });

  it("leaves it uncertain when it never answers", async () => {
    const { EMAIL } = binding(() => new Promise(() => {}));
    const [only] = await sendEmailTransport(EMAIL, { call: 50 }).send(LETTER);
    expect(only).toMatchObject({ result: "uncertain", status: "4.4.2" });
  });

  it("begins with no recipient for whom no time is left", async () => {
    const slow = () => new Promise((resolve) => setTimeout(() => resolve({ messageId: "1" }), 60));
    const { EMAIL, asked } = binding(slow);
    const rcpt_to = ["a@x.example", "b@x.example", "c@x.example"];
    const results = await sendEmailTransport(EMAIL, { all: 50 }).send({ ...LETTER, rcpt_to });
    expect(results.map(({ result }) => result)).toEqual(["sent", "deferred", "deferred"]);
    expect(asked).toEqual(["a@x.example"]);
  });
});

describe("what send_email cannot do", () => {
  const { EMAIL, asked } = binding(() => ({ messageId: "1" }));

  it.each<[string, Partial<Transmission>, string, RegExp]>([
    ["the null reverse-path", { mail_from: "" }, "5.7.1", /set RELAY_URL/],
    ["more than 5 MiB", { raw: new Uint8Array(5 * 1024 * 1024 + 1) }, "5.3.4", /5242881 bytes/],
    ["a sender with a line end", { mail_from: "ana@mesh.test\r\n" }, "5.1.7", /sender/],
  ])("fails before it is asked: %s", async (_, change, status, words) => {
    const [only] = await sendEmailTransport(EMAIL).send({ ...LETTER, ...change });
    expect(only).toMatchObject({ result: "failed", status });
    expect(only?.reply).toMatch(words);
    expect(asked).toEqual([]);
  });
});
