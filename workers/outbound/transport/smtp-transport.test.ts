/** Mail that gets through: what the peer sees and what it receives. The peers that say no are in smtp-failures.test.ts. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { LETTER, outcomes, sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";

const PLAIN = ["SIZE 52428800", "8BITMIME"];

describe("a relay that takes everything", () => {
  it("gets the envelope and the very bytes, and its words come back", async () => {
    const peer = await startPeer();
    const results = await sendToPeer(peer.port, { rcpt_to: ["bob@example.org", "eve@example.org"] });
    const words = { result: "sent", status: "2.0.0", reply: "250 2.0.0 Queued as 1A2B3C", remote_mta: "127.0.0.1" };
    expect(results).toEqual([
      { address: "bob@example.org", ...words },
      { address: "eve@example.org", ...words },
    ]);
    const session = await peer.session();
    expect(session.commands).toEqual([
      "EHLO mesh.test",
      `MAIL FROM:<ana@mesh.test> SIZE=${LETTER.length}`,
      "RCPT TO:<bob@example.org>",
      "RCPT TO:<eve@example.org>",
      "DATA",
      "QUIT",
    ]);
    expect(session.ended).toBe("quit");
    expect(await peer.body()).toEqual(LETTER);
  });

  it("gets the null reverse-path of a bounce", async () => {
    const peer = await startPeer();
    expect(outcomes(await sendToPeer(peer.port, { mail_from: "" }))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[1]).toMatch(/^MAIL FROM:<> SIZE=/);
  });

  it("is not called for nobody", async () => {
    const peer = await startPeer();
    expect(await sendToPeer(peer.port, { rcpt_to: [] })).toEqual([]);
    expect(await peer.sessions()).toEqual([]);
  });

  it("hears a usable name even where this mesh has none", async () => {
    const peer = await startPeer();
    await sendToPeer(peer.port, { clientName: "mesh test\r\nMAIL FROM:<eve@example.org>" });
    expect((await peer.session()).commands[0]).toBe("EHLO mailmesh.invalid");
  });

  it("answers for the same address twice if it is there twice", async () => {
    const peer = await startPeer();
    expect(await sendToPeer(peer.port, { rcpt_to: ["bob@example.org", "bob@example.org"] })).toHaveLength(2);
  });
});

describe("pipelining", () => {
  it("puts MAIL, RCPT and DATA into one write where it is offered", async () => {
    const peer = await startPeer({ capabilities: ["PIPELINING"] });
    await sendToPeer(peer.port, { rcpt_to: ["bob@example.org", "eve@example.org"] });
    expect((await peer.session()).pipelined).toBe(true);
  });

  it("waits for each reply where it is not", async () => {
    const slow = ["MAIL", "RCPT", "DATA", "."].map((on) => ({ on, do: [{ pause_ms: 30 }, replyTo(on)] }));
    const peer = await startPeer({ capabilities: PLAIN, rules: slow });
    const results = await sendToPeer(peer.port, { rcpt_to: ["bob@example.org", "eve@example.org"] });
    expect(outcomes(results)).toEqual(["sent 2.0.0", "sent 2.0.0"]);
    const session = await peer.session();
    expect(session.pipelined).toBe(false);
    expect(session.commands).toHaveLength(6);
  });

  it("reads replies that come a byte at a time", async () => {
    const dripping = (text: string) => [...text].flatMap((byte) => [{ send: byte }, { pause_ms: 1 }]);
    const peer = await startPeer({
      rules: [
        { on: "CONNECT", do: dripping("220-peer.test\r\n220 ESMTP\r\n") },
        { on: "RCPT", do: dripping("250-2.1.5 Recipient\r\n250 2.1.5 ok\r\n") },
      ],
    });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["sent 2.0.0"]);
  });

  it("reads all replies in one packet", async () => {
    const peer = await startPeer({
      rules: [
        { on: "MAIL", do: [] },
        { on: "RCPT", do: [] },
        { on: "DATA", do: [{ send: "250 2.1.0 a\r\n250 2.1.5 b\r\n550 5.1.1 c\r\n354 d\r\n" }] },
      ],
    });
    const rcpt_to = ["bob@example.org", "eve@example.org"];
    // The peer's own book-keeping knows of no recipient here; what it answered counts.
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to }))[1]).toBe("failed 5.1.1");
  });
});

function replyTo(verb: string): string {
  return verb === "DATA" ? "354 Go ahead" : "250 2.0.0 Ok";
}

describe.each([
  ["with pipelining", ["PIPELINING", ...PLAIN]],
  ["without pipelining", PLAIN],
])("many recipients %s", (_, capabilities) => {
  it("share a transaction up to a hundred, and the connection beyond", async () => {
    const peer = await startPeer({
      capabilities,
      rules: [{ on: "RCPT TO:<no7@", do: ["550 5.1.1 No such user"] }],
    });
    const rcpt_to = Array.from({ length: 250 }, (_, index) => `no${index}@example.org`);
    const results = await sendToPeer(peer.port, { rcpt_to });
    expect(results.map(({ address }) => address)).toEqual(rcpt_to);
    expect(results.filter(({ result }) => result === "failed").map(({ address }) => address)).toEqual([
      "no7@example.org",
    ]);
    expect(results.filter(({ result }) => result === "sent")).toHaveLength(249);
    const { messages } = await peer.session();
    expect(messages.map((message) => message.rcpt_to.length)).toEqual([99, 100, 50]);
    expect(messages.flatMap((message) => message.rcpt_to)).toEqual(
      rcpt_to.filter((each) => each !== "no7@example.org"),
    );
  });

  it("go on with the next hundred after a hundred refusals", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: "RCPT TO:<bad", do: ["550 5.1.1 No such user"] }] });
    const bad = Array.from({ length: 100 }, (_, index) => `bad${index}@example.org`);
    const results = await sendToPeer(peer.port, { rcpt_to: [...bad, "good@example.org"] });
    expect(outcomes(results)).toEqual([...bad.map(() => "failed 5.1.1"), "sent 2.0.0"]);
    const session = await peer.session();
    expect(session.commands).toContain("RSET");
    expect(session.messages.map((message) => message.rcpt_to)).toEqual([["good@example.org"]]);
  });
});

describe("an address that SMTP cannot carry", () => {
  it("fails with 5.1.3 and never reaches the wire, and the others are sent", async () => {
    const peer = await startPeer();
    const rcpt_to = [
      "bob@example.org",
      "x@example.org>\r\nRCPT TO:<eve@example.org",
      "y@example.org\n",
      "z@example.org> NOTIFY=NEVER",
      "nobody",
    ];
    const results = await sendToPeer(peer.port, { rcpt_to });
    expect(outcomes(results)).toEqual(["sent 2.0.0", ...Array(4).fill("failed 5.1.3")]);
    expect(results[1]).toMatchObject({ address: rcpt_to[1], remote_mta: null });
    const { commands } = await peer.session();
    expect(commands.filter((command) => command.startsWith("RCPT"))).toEqual(["RCPT TO:<bob@example.org>"]);
  });

  it("fails with 5.1.7 as the sender, and nobody is called", async () => {
    const peer = await startPeer();
    const results = await sendToPeer(peer.port, { mail_from: "ana@mesh.test>\r\nDATA" });
    expect(outcomes(results)).toEqual(["failed 5.1.7"]);
    expect(await peer.sessions()).toEqual([]);
  });
});
