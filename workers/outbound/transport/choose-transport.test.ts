import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { LETTER, outcomes } from "../../../tests/smtp-peers/send-to-peer.ts";
import { chooseTransport, chooseWay } from "./choose-transport.ts";
import { withConnections } from "./connections.ts";
import type { RecipientResult, Transmission } from "./transport.ts";

const letter = { mail_from: "ana@mesh.test", rcpt_to: ["bob@example.org"], raw: LETTER };

/** Sends one message as a deployment with this setting would. */
const sendBy = (RELAY_URL: string | undefined, more: Partial<Transmission> = {}) =>
  withConnections({ EMAIL: env.EMAIL, HOSTNAME: "mesh.test" }, async (connections) => {
    const message = { ...letter, ...more };
    const setting = RELAY_URL === undefined ? {} : { RELAY_URL };
    const transport = chooseTransport(setting, null, message, connections);
    const results: RecipientResult[] = await transport.send(message);
    return { name: transport.name, signs: transport.signs, results };
  });

describe("the transport of a deployment", () => {
  it("is the relay that RELAY_URL names", async () => {
    const peer = await startPeer();
    const { name, signs, results } = await sendBy(` smtp://127.0.0.1:${peer.port}\n`);
    expect(name).toBe(`smtp://127.0.0.1:${peer.port}`);
    expect(signs).toBe(false);
    expect(outcomes(results)).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[0]).toBe("EHLO mesh.test");
  });

  it("has no password in its name", async () => {
    const { name } = await sendBy("smtps://user:hunter2@relay.example", { rcpt_to: [] });
    expect(name).toBe("smtps://relay.example:465");
  });

  it.each([undefined, "", "  ", "send_email:"])("is the binding with %j", async (url) => {
    const raw = new TextEncoder().encode(
      "From: ana@mesh.test\r\nTo: bob@example.org\r\nMessage-ID: <1@mesh.test>\r\nSubject: a\r\n\r\nnaïve\r\n",
    );
    const { name, signs, results } = await sendBy(url, { raw });
    expect({ name, signs }).toEqual({ name: "send_email", signs: true });
    // The local runtime's binding is real enough to parse the message and to give an id.
    expect(results).toMatchObject([{ result: "sent", reply: expect.stringMatching(/^accepted as \S+/) }]);
    expect(results[0]?.reply).toBe(`accepted as ${results[0]?.transport_id}`);
  });

  it("holds mail back with the reason when RELAY_URL has a mistake in it", async () => {
    const { results } = await sendBy("smtp://user:hunter2@relay.example?tls=off", {
      rcpt_to: ["a@x.example", "b@x.example"],
    });
    expect(outcomes(results)).toEqual(["deferred 4.3.5", "deferred 4.3.5"]);
    expect(results[0]?.reply).toMatch(/^RELAY_URL would send the password to relay\.example without TLS$/);
    expect(JSON.stringify(results)).not.toContain("hunter2");
  });
});

describe("the way of a message", () => {
  const DEPLOYMENT = "smtp://relay.example";
  const OWN = "smtps://own.example";
  const large = { ...letter, raw: new Uint8Array(5 * 1024 * 1024 + 1) };
  const toLarge = { reason: "too_large", status: "5.3.4", words: expect.any(String), field: null };

  it.each([
    ["its domain's relay before the deployment's", DEPLOYMENT, OWN, letter, { by: "smtp", url: OWN }],
    ["the deployment's where its domain has none", DEPLOYMENT, null, letter, { by: "smtp", url: DEPLOYMENT }],
    ["the binding where its domain chose it", DEPLOYMENT, "send_email:", letter, { by: "send_email", unfit: null }],
    ["the relay where the binding cannot", DEPLOYMENT, "send_email:", large, { by: "smtp", url: DEPLOYMENT }],
    ["nowhere where only the binding is left", "", "send_email:", large, { by: "send_email", unfit: toLarge }],
    ["its domain's relay, where a bounce can go", "", OWN, { ...letter, mail_from: "" }, { by: "smtp", url: OWN }],
  ])("is %s", (_, deployment, own, message, way) => {
    expect(chooseWay(deployment, own, message)).toEqual(way);
  });
});
