import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { LETTER, outcomes } from "../../../tests/smtp-peers/send-to-peer.ts";
import { chooseTransport, type TransportEnv } from "./choose-transport.ts";

const EMAIL = (env as unknown as TransportEnv).EMAIL;
const HOSTNAME = "mesh.test";
const letter = { mail_from: "ana@mesh.test", rcpt_to: ["bob@example.org"], raw: LETTER };

describe("the transport of a deployment", () => {
  it("is the relay that RELAY_URL names", async () => {
    const peer = await startPeer();
    const transport = chooseTransport({ RELAY_URL: ` smtp://127.0.0.1:${peer.port}\n`, EMAIL, HOSTNAME });
    expect(transport.name).toBe(`smtp://127.0.0.1:${peer.port}`);
    expect(outcomes(await transport.send(letter))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[0]).toBe("EHLO mesh.test");
  });

  it("has no password in its name", () => {
    const transport = chooseTransport({ RELAY_URL: "smtps://user:hunter2@relay.example", EMAIL, HOSTNAME });
    expect(transport.name).toBe("smtps://relay.example:465");
  });

  it.each([{}, { RELAY_URL: "" }, { RELAY_URL: "  " }])("is the binding with %j", async (setting) => {
    const transport = chooseTransport({ ...setting, EMAIL, HOSTNAME });
    expect(transport.name).toBe("send_email");
    const raw = new TextEncoder().encode(
      "From: ana@mesh.test\r\nTo: bob@example.org\r\nMessage-ID: <1@mesh.test>\r\nSubject: a\r\n\r\nnaïve\r\n",
    );
    // The local runtime's binding is real enough to parse the message and to give an id.
    const [result] = await transport.send({ ...letter, raw });
    expect(result).toMatchObject({ result: "sent", reply: expect.stringMatching(/^accepted as \S+/) });
  });

  it("holds mail back with the reason when RELAY_URL has a mistake in it", async () => {
    const transport = chooseTransport({ RELAY_URL: "smtp://user:hunter2@relay.example?tls=off", EMAIL, HOSTNAME });
    const results = await transport.send({ ...letter, rcpt_to: ["a@x.example", "b@x.example"] });
    expect(outcomes(results)).toEqual(["deferred 4.3.5", "deferred 4.3.5"]);
    expect(results[0]?.reply).toMatch(/^RELAY_URL would send the password to relay\.example without TLS$/);
    expect(JSON.stringify(results)).not.toContain("hunter2");
  });
});
