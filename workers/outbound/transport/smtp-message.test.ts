/** The bytes of a message on their way: that they arrive as they are, end where they end, and meet a relay that can take them. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { LETTER, outcomes, sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";

const PLAIN = ["SIZE 52428800", "8BITMIME"];

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("the message on the wire", () => {
  it("arrives with its dots and with nothing added", async () => {
    const peer = await startPeer();
    const raw = bytesOf(".\r\n..\r\n...a\r\nb.\r\n\r\n.\r\n");
    await sendToPeer(peer.port, { raw });
    expect(await peer.body()).toEqual(raw);
  });

  it("arrives whole with 3 MB of lines that begin with dots, 8-bit bytes among them", async () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, index) => `${".".repeat(index % 4)}líne ${index} ${"x".repeat(45)}`,
    );
    const raw = bytesOf(`Subject: large\r\n\r\n${lines.join("\r\n")}\r\n`);
    expect(raw.length).toBeGreaterThan(3_000_000);
    const peer = await startPeer();
    expect(outcomes(await sendToPeer(peer.port, { raw }))).toEqual(["sent 2.0.0"]);
    const [message] = (await peer.session()).messages;
    expect(message).toMatchObject({ bytes: raw.length, sha256: await sha256(raw) });
  });

  it("arrives whole at a peer that reads slowly", async () => {
    const raw = bytesOf(`Subject: large\r\n\r\n${`${"y".repeat(70)}\r\n`.repeat(60_000)}`);
    const peer = await startPeer({
      during_data: { after_bytes: 100_000, do: [{ reading: false }, { pause_ms: 500 }, { reading: true }] },
    });
    expect(outcomes(await sendToPeer(peer.port, { raw }))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).messages[0]?.sha256).toBe(await sha256(raw));
  });

  it("ends even if it is empty or lacks its last line end", async () => {
    const peer = await startPeer();
    expect(outcomes(await sendToPeer(peer.port, { raw: new Uint8Array(0) }))).toEqual(["sent 2.0.0"]);
    expect(outcomes(await sendToPeer(peer.port, { raw: bytesOf("a\r\n.") }))).toEqual(["sent 2.0.0"]);
    expect(await peer.body(0)).toEqual(new Uint8Array(0));
    expect(await peer.body(1)).toEqual(bytesOf("a\r\n.\r\n"));
  });

  it.each(["\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\n\n.\r\r\n", "\r\n.\r\n"])(
    "smuggles no second message behind %j, however a peer reads lines",
    async (end) => {
      const smuggled = ["MAIL FROM:<admin@mesh.test>", "RCPT TO:<eve@example.org>", "DATA", "Gotcha", ".", ""].join(
        "\r\n",
      );
      for (const any_line_end of [false, true]) {
        const peer = await startPeer({ any_line_end });
        const raw = bytesOf(`Subject: a\r\n\r\nHello${end}${smuggled}`);
        expect(outcomes(await sendToPeer(peer.port, { raw }))).toEqual(["sent 2.0.0"]);
        const session = await peer.session();
        expect(session.messages.map((message) => message.mail_from)).toEqual(["ana@mesh.test"]);
        expect(session.commands).toHaveLength(5);
      }
    },
  );
});

describe("what a message needs of the relay", () => {
  const eightBit = bytesOf("Subject: a\r\n\r\nnaïve\r\n");

  it("is 8BITMIME for 8-bit bytes, and said so", async () => {
    const peer = await startPeer({ capabilities: ["8BITMIME"] });
    expect(outcomes(await sendToPeer(peer.port, { raw: eightBit }))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[1]).toBe("MAIL FROM:<ana@mesh.test> BODY=8BITMIME");
    expect(await peer.body()).toEqual(eightBit);
  });

  it("is nothing for plain ASCII, and nothing is said to a relay that offers nothing", async () => {
    const peer = await startPeer({ capabilities: [] });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands[1]).toBe("MAIL FROM:<ana@mesh.test>");
  });

  it("fails with 5.6.3 where 8BITMIME is missing", async () => {
    const peer = await startPeer({ capabilities: [] });
    const [result] = await sendToPeer(peer.port, { raw: eightBit });
    expect(result).toMatchObject({ result: "failed", status: "5.6.3", remote_mta: "127.0.0.1" });
    expect(result?.reply).toContain("8BITMIME");
    expect((await peer.session()).commands).toEqual(["EHLO mesh.test", "QUIT"]);
  });

  it("is SMTPUTF8 for an address beyond ASCII", async () => {
    const peer = await startPeer({ capabilities: ["SMTPUTF8", "8BITMIME"] });
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to: ["zoë@example.org"] }))).toEqual(["sent 2.0.0"]);
    const { commands } = await peer.session();
    expect(commands[1]).toBe("MAIL FROM:<ana@mesh.test> SMTPUTF8");
    // The peer shows bytes as latin1.
    expect(commands[2]).toBe("RCPT TO:<zo\u00c3\u00ab@example.org>");
  });

  it("fails with 5.6.7 for that address alone where SMTPUTF8 is missing", async () => {
    const peer = await startPeer({ capabilities: PLAIN });
    const results = await sendToPeer(peer.port, { rcpt_to: ["zoë@example.org", "bob@example.org"] });
    expect(outcomes(results)).toEqual(["failed 5.6.7", "sent 2.0.0"]);
    expect((await peer.session()).commands[1]).not.toContain("SMTPUTF8");
  });

  it("fails with 5.6.7 for everybody if the sender is beyond ASCII", async () => {
    const peer = await startPeer({ capabilities: PLAIN });
    const results = await sendToPeer(peer.port, {
      mail_from: "zoë@mesh.test",
      rcpt_to: ["a@b.example", "c@d.example"],
    });
    expect(outcomes(results)).toEqual(["failed 5.6.7", "failed 5.6.7"]);
  });

  it("fails with 5.3.4 where the message is over the relay's SIZE", async () => {
    const peer = await startPeer({ capabilities: ["SIZE 20"] });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "failed", status: "5.3.4" });
    expect(result?.reply).toContain(`${LETTER.length} bytes`);
    expect((await peer.session()).messages).toEqual([]);
  });

  it.each(["SIZE", "SIZE 0", "SIZE 99999999999999999999", "SIZE many"])("is not limited by %j", async (size) => {
    const peer = await startPeer({ capabilities: [size] });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["sent 2.0.0"]);
  });
});
