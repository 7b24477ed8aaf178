/** TLS and login: what protects the password and the mail on their way to the relay, and what happens when it fails. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { LETTER, outcomes, sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";

const SECRET = "hunter2:ü/%";
const LOGIN = `ana%40mesh.test:${encodeURIComponent(SECRET)}`;
const credentials = { user: "ana@mesh.test", password: SECRET };

describe.each(["127.0.0.1", "localhost"])("TLS with a relay whose certificate is for %s", (host) => {
  it("is up before the first word of smtps", async () => {
    const peer = await startPeer({ tls: "implicit" });
    expect(outcomes(await sendToPeer(peer.port, { scheme: "smtps", host }))).toEqual(["sent 2.0.0"]);
    const session = await peer.session();
    expect(session.tls).toEqual({ server_name: host === "localhost" ? host : null, protocol: "TLSv1.3" });
    expect(session.commands[0]).toBe("EHLO mesh.test");
    expect(await peer.body()).toEqual(LETTER);
  });

  it("is turned on with STARTTLS, and everything is said again", async () => {
    const peer = await startPeer({ tls: "starttls" });
    expect(outcomes(await sendToPeer(peer.port, { host, tls: "required" }))).toEqual(["sent 2.0.0"]);
    const session = await peer.session();
    expect(session.tls?.protocol).toBe("TLSv1.3");
    expect(session.commands.slice(0, 3)).toEqual(["EHLO mesh.test", "STARTTLS", "EHLO mesh.test"]);
    expect(session.ended).toBe("quit");
    expect(await peer.body()).toEqual(LETTER);
  });
});

describe("TLS", () => {
  it("carries a large message", async () => {
    const raw = new TextEncoder().encode(`Subject: large\r\n\r\n${`.${"y".repeat(70)}\r\n`.repeat(45_000)}`);
    const peer = await startPeer({ tls: "starttls" });
    expect(outcomes(await sendToPeer(peer.port, { raw }))).toEqual(["sent 2.0.0"]);
    expect(await peer.body()).toEqual(raw);
  });

  it("is used where it is offered, and done without where it is not", async () => {
    const offering = await startPeer({ tls: "starttls" });
    expect(outcomes(await sendToPeer(offering.port))).toEqual(["sent 2.0.0"]);
    expect((await offering.session()).tls).not.toBeNull();
    const plain = await startPeer();
    expect(outcomes(await sendToPeer(plain.port))).toEqual(["sent 2.0.0"]);
  });

  it("is left alone with ?tls=off", async () => {
    const peer = await startPeer({ tls: "starttls" });
    expect(outcomes(await sendToPeer(peer.port, { tls: "off" }))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).tls).toBeNull();
  });

  it("defers where it is required and not offered, before anything is said that matters", async () => {
    const peer = await startPeer({ capabilities: ["AUTH PLAIN LOGIN"] });
    const [result] = await sendToPeer(peer.port, { tls: "required", login: LOGIN });
    expect(result).toMatchObject({ result: "deferred", status: "4.7.4" });
    expect(result?.reply).toMatch(/offers no STARTTLS/);
    expect((await peer.session()).commands).toEqual(["EHLO mesh.test", "QUIT"]);
  });

  it("defers where it is required and the relay knows only HELO", async () => {
    const peer = await startPeer({ rules: [{ on: "EHLO", do: ["500 What?"] }] });
    expect(outcomes(await sendToPeer(peer.port, { tls: "required" }))).toEqual(["deferred 4.7.4"]);
  });

  it.each(["unknown_ca", "other_name"] as const)(
    "defers at a certificate that is not to be trusted (%s), and says nothing in clear text instead",
    async (certificate) => {
      const starttls = await startPeer({ tls: "starttls", certificate });
      const [result] = await sendToPeer(starttls.port, { tls: "opportunistic" });
      expect(result).toMatchObject({ result: "deferred", status: "4.7.5" });
      expect(result?.reply).toMatch(/TLS handshake failed/);
      expect((await starttls.session()).commands).toEqual(["EHLO mesh.test", "STARTTLS"]);
      const implicit = await startPeer({ tls: "implicit", certificate });
      expect((await sendToPeer(implicit.port, { scheme: "smtps" }))[0]?.result).toBe("deferred");
      expect((await implicit.session()).commands).toEqual([]);
    },
  );

  it("defers when the relay takes STARTTLS back", async () => {
    const peer = await startPeer({ tls: "starttls", rules: [{ on: "STARTTLS", do: ["454 4.7.0 No TLS today"] }] });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: "4.7.0", reply: "454 4.7.0 No TLS today" });
    expect((await peer.session()).commands).toEqual(["EHLO mesh.test", "STARTTLS", "QUIT"]);
  });

  it("defers when the relay hangs up in the handshake", async () => {
    const peer = await startPeer({ tls: "handshake_closes" });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: expect.stringMatching(/^4\.(?:7\.5|4\.2)$/) });
  });

  it("defers when the handshake hangs", async () => {
    const peer = await startPeer({ tls: "handshake_hangs" });
    const [result] = await sendToPeer(peer.port, { timeouts: { connect: 300 } });
    expect(result).toMatchObject({ result: "deferred", status: "4.7.5" });
    expect(result?.reply).toMatch(/timed out$/);
  });

  it("defers when smtps meets a relay without TLS", async () => {
    const peer = await startPeer();
    const [result] = await sendToPeer(peer.port, { scheme: "smtps" });
    expect(result).toMatchObject({ result: "deferred", status: "4.4.1" });
  });

  it("defers when smtp meets a relay that waits for TLS", async () => {
    const peer = await startPeer({ tls: "implicit" });
    expect(outcomes(await sendToPeer(peer.port, { timeouts: { greeting: 300 } }))).toEqual(["deferred 4.4.2"]);
  });

  it("takes nothing over that was said in clear text behind the go-ahead", async () => {
    const injected = "220 Go ahead\r\n250-evil.test\r\n250 AUTH PLAIN\r\n";
    const peer = await startPeer({ tls: "starttls", rules: [{ on: "STARTTLS", do: [{ send: injected }] }] });
    const [result] = await sendToPeer(peer.port, { login: LOGIN });
    expect(result).toMatchObject({ result: "deferred", status: "4.5.0" });
    expect(result?.reply).toMatch(/^the server spoke out of turn/);
    expect((await peer.session()).commands).toEqual(["EHLO mesh.test", "STARTTLS"]);
  });
});

describe("a login", () => {
  it.each(["AUTH PLAIN LOGIN", "AUTH LOGIN PLAIN CRAM-MD5", "AUTH=PLAIN", "auth plain"])(
    "is PLAIN with %j",
    async (auth) => {
      const peer = await startPeer({ tls: "starttls", capabilities: [auth], credentials });
      expect(outcomes(await sendToPeer(peer.port, { login: LOGIN, tls: "required" }))).toEqual(["sent 2.0.0"]);
      const session = await peer.session();
      expect(session.tls).not.toBeNull();
      expect(session.commands[3]).toMatch(/^AUTH PLAIN [A-Za-z0-9+/=]+$/);
    },
  );

  it("is LOGIN where nothing else is offered", async () => {
    const peer = await startPeer({ capabilities: ["AUTH LOGIN"], credentials });
    expect(outcomes(await sendToPeer(peer.port, { login: LOGIN }))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[1]).toBe("AUTH LOGIN");
  });

  it("is PLAIN in two steps where the relay wants it so", async () => {
    const peer = await startPeer({
      capabilities: ["AUTH PLAIN"],
      credentials,
      rules: [{ on: "AUTH PLAIN", do: ["334 "] }],
    });
    expect(outcomes(await sendToPeer(peer.port, { login: LOGIN }))).toEqual(["sent 2.0.0"]);
  });

  it("works over smtps and with pipelining", async () => {
    const peer = await startPeer({ tls: "implicit", capabilities: ["PIPELINING", "AUTH PLAIN"], credentials });
    expect(outcomes(await sendToPeer(peer.port, { scheme: "smtps", login: LOGIN }))).toEqual(["sent 2.0.0"]);
  });

  it("is not tried without a password", async () => {
    const peer = await startPeer({ capabilities: ["AUTH PLAIN LOGIN"] });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands.join()).not.toContain("AUTH");
  });

  it.each([
    ["PLAIN", ["EHLO mesh.test", expect.stringMatching(/^AUTH PLAIN /), "QUIT"]],
    ["LOGIN", ["EHLO mesh.test", "AUTH LOGIN", expect.anything(), expect.anything(), "QUIT"]],
  ])("that is wrong defers the mail with the relay's words (%s)", async (mechanism, commands) => {
    const peer = await startPeer({ capabilities: [`AUTH ${mechanism}`], credentials });
    const results = await sendToPeer(peer.port, {
      login: "ana:wrong-password",
      rcpt_to: ["a@x.example", "b@x.example"],
    });
    expect(outcomes(results)).toEqual(["deferred 4.7.8", "deferred 4.7.8"]);
    expect(results[0]?.reply).toBe("535 5.7.8 Authentication credentials invalid");
    expect(JSON.stringify(results)).not.toContain("wrong-password");
    expect((await peer.session()).commands).toEqual(commands);
  });

  it.each([
    [[], "no AUTH"],
    [["AUTH"], "no AUTH"],
    [["AUTH CRAM-MD5 XOAUTH2"], "only AUTH CRAM-MD5 XOAUTH2"],
  ])("with no mechanism in common (%j) defers, and no mail goes without it", async (capabilities, words) => {
    const peer = await startPeer({ capabilities });
    const [result] = await sendToPeer(peer.port, { login: LOGIN });
    expect(result).toMatchObject({ result: "deferred", status: "4.7.4" });
    expect(result?.reply).toContain(words);
    expect((await peer.session()).commands).toEqual(["EHLO mesh.test", "QUIT"]);
  });

  it.each([
    ["4xx", "454 4.7.0 Try later", "deferred 4.7.0"],
    ["5xx", "534 5.7.9 Stronger mechanism needed", "deferred 4.7.9"],
    ["421", "421 4.7.0 Too many logins", "deferred 4.7.0"],
    ["nonsense", "Login: ", "deferred 4.5.0"],
  ])("that is answered with %s defers", async (_, reply, outcome) => {
    const peer = await startPeer({ capabilities: ["AUTH PLAIN"], rules: [{ on: "AUTH", do: [reply] }] });
    expect(outcomes(await sendToPeer(peer.port, { login: LOGIN }))).toEqual([outcome]);
  });

  it("that is answered with question after question is called off", async () => {
    const peer = await startPeer({
      capabilities: ["AUTH LOGIN"],
      rules: [
        { on: "RESPONSE", do: ["334 VXNlcm5hbWU6"] },
        { on: "*", do: ["501 5.7.0 Cancelled"] },
      ],
    });
    expect(outcomes(await sendToPeer(peer.port, { login: LOGIN }))).toEqual(["deferred 4.7.0"]);
    expect((await peer.session()).commands.slice(-2)).toEqual(["*", "QUIT"]);
  });

  it.each([
    ["AUTH PLAIN", "AUTH"],
    ["AUTH LOGIN", "RESPONSE"],
  ])("that the relay hangs up on defers (%s at %s)", async (auth, on) => {
    const peer = await startPeer({ capabilities: [auth], rules: [{ on, do: [{ close: "end" }] }] });
    expect(outcomes(await sendToPeer(peer.port, { login: LOGIN }))).toEqual(["deferred 4.4.2"]);
  });

  it("that is not answered defers", async () => {
    const peer = await startPeer({ capabilities: ["AUTH PLAIN"], rules: [{ on: "AUTH", do: [{ pause_ms: 2000 }] }] });
    const results = await sendToPeer(peer.port, { login: LOGIN, timeouts: { command: 200 } });
    expect(outcomes(results)).toEqual(["deferred 4.4.2"]);
  });
});
