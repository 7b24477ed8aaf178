/** Peers that take a part: some recipients, half a message, one transaction of two; and peers that speak out of turn. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import type { Act } from "../../../tests/smtp-peers/script.ts";
import { LETTER, outcomes, sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";

/** More than the kernels' buffers on both sides hold, so that the end is not out before the beginning was read. */
const LARGE = new TextEncoder().encode(`Subject: large\r\n\r\n${`${"y".repeat(70)}\r\n`.repeat(240_000)}`);

describe.each([
  ["with pipelining", ["PIPELINING"]],
  ["without pipelining", []],
])("a relay %s", (_, capabilities) => {
  it("fails half of the recipients and takes the other half", async () => {
    const peer = await startPeer({
      capabilities,
      rules: [
        { on: "RCPT TO:<gone", do: ["550 5.1.1 No such user"] },
        { on: "RCPT TO:<full", do: ["452 4.2.2 Mailbox full"] },
        { on: "RCPT TO:<moved", do: ["251 2.1.5 Will forward"] },
      ],
    });
    const rcpt_to = ["gone@x.example", "bob@x.example", "full@x.example", "moved@x.example"];
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to }))).toEqual([
      "failed 5.1.1",
      "sent 2.0.0",
      "deferred 4.2.2",
      "sent 2.0.0",
    ]);
    expect((await peer.session()).messages[0]?.rcpt_to).toEqual(["bob@x.example", "moved@x.example"]);
  });

  it("sends no message when every recipient is refused", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: "RCPT", do: ["550 5.1.1 No such user"] }] });
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to: ["a@x.example", "b@x.example"] }))).toEqual([
      "failed 5.1.1",
      "failed 5.1.1",
    ]);
    expect((await peer.session()).messages).toEqual([]);
  });

  it("keeps the refusals that came before the connection broke, and defers the rest", async () => {
    const peer = await startPeer({
      capabilities,
      rules: [
        { on: "RCPT TO:<gone", do: ["550 5.1.1 No such user"] },
        { on: "RCPT TO:<last", do: ["421 4.3.2 Too much", { close: "end" }] },
      ],
    });
    const rcpt_to = ["bob@x.example", "gone@x.example", "last@x.example", "never@x.example"];
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to }))).toEqual([
      "deferred 4.3.2",
      "failed 5.1.1",
      "deferred 4.3.2",
      "deferred 4.3.2",
    ]);
  });

  it("keeps what was sent when the connection breaks between two transactions", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: "MAIL", nth: 2, do: [{ close: "end" }] }] });
    const rcpt_to = Array.from({ length: 101 }, (_, index) => `no${index}@x.example`);
    const results = await sendToPeer(peer.port, { rcpt_to });
    expect(results.slice(0, 100).every(({ result }) => result === "sent")).toBe(true);
    expect(results[100]?.result).toBe("deferred");
  });

  it("asks nothing more of a relay that shuts down after a message", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: ".", do: ["421 4.3.2 Shutting down"] }] });
    const rcpt_to = Array.from({ length: 101 }, (_, index) => `no${index}@x.example`);
    const results = await sendToPeer(peer.port, { rcpt_to });
    expect(new Set(outcomes(results))).toEqual(new Set(["deferred 4.3.2"]));
    expect((await peer.session()).commands.filter((command) => command.startsWith("MAIL"))).toHaveLength(1);
  });

  it("defers a recipient that is one too many, however the peer puts it", async () => {
    const peer = await startPeer({
      capabilities,
      rules: [{ on: "RCPT TO:<second", do: ["552 Too many recipients"] }],
    });
    const rcpt_to = ["first@x.example", "second@x.example"];
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to }))).toEqual(["sent 2.0.0", "deferred 4.5.3"]);
    expect(outcomes(await sendToPeer(peer.port, { rcpt_to: ["second@x.example"] }))).toEqual(["failed 5.3.4"]);
  });

  it("defers when the relay wants a login: that is about settings", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: "MAIL", do: ["530 5.7.0 Authentication required"] }] });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: "4.7.0", reply: "530 5.7.0 Authentication required" });
  });

  it.each(["end", "reset"] as const)("defers when the peer leaves in the middle of the message (%s)", async (close) => {
    const peer = await startPeer({ capabilities, during_data: { after_bytes: 200_000, do: [{ close }] } });
    const [result] = await sendToPeer(peer.port, { raw: LARGE });
    expect(result).toMatchObject({ result: "deferred", status: "4.4.2" });
    expect((await peer.session()).unfinished_bytes).toBeGreaterThan(0);
  });

  it("fails when the peer refuses in the middle of the message and leaves", async () => {
    const peer = await startPeer({
      capabilities,
      during_data: { after_bytes: 200_000, do: ["552 5.3.4 Too large", { close: "end" }] },
    });
    const [result] = await sendToPeer(peer.port, { raw: LARGE });
    expect(result).toMatchObject({ result: "failed", status: "5.3.4", reply: "552 5.3.4 Too large" });
  });

  it("does not believe an acceptance that comes before the message has ended", async () => {
    const peer = await startPeer({
      capabilities,
      during_data: {
        after_bytes: 200_000,
        do: ["250 2.0.0 Fine, thanks", { reading: false }, { pause_ms: 200 }, { reading: true }],
      },
    });
    expect(outcomes(await sendToPeer(peer.port, { raw: LARGE }))).toEqual(["deferred 4.5.0"]);
    // Nor does it end the half message with a dot.
    expect((await peer.session()).messages).toEqual([]);
  });

  it("defers when the peer stops reading in the middle of the message", async () => {
    const peer = await startPeer({ capabilities, during_data: { after_bytes: 200_000, do: [{ reading: false }] } });
    const [result] = await sendToPeer(peer.port, { raw: LARGE, timeouts: { block: 300 } });
    expect(result).toMatchObject({ result: "deferred", status: "4.4.2" });
    expect(result?.reply).toBe("timed out while waiting for the message to be taken");
    await peer.close();
  });

  it("sends although the peer never answers QUIT", async () => {
    const peer = await startPeer({ capabilities, rules: [{ on: "QUIT", do: [] }] });
    expect(outcomes(await sendToPeer(peer.port, { timeouts: { quit: 100 } }))).toEqual(["sent 2.0.0"]);
  });

  it("gives up before the queue consumer's time is over, however many steps are slow", async () => {
    const slow = ["CONNECT", "EHLO", "MAIL", "RCPT"].map((on) => ({ on, do: [{ pause_ms: 150 }, usual(on)] }));
    const peer = await startPeer({ capabilities, rules: slow });
    const started = Date.now();
    expect(outcomes(await sendToPeer(peer.port, { timeouts: { hand_over: 400 } }))).toEqual(["deferred 4.4.2"]);
    expect(Date.now() - started).toBeLessThan(2000);
  });
});

function usual(on: string): string {
  return on === "CONNECT" ? "220 peer.test" : "250 Ok";
}

describe("a relay that speaks before it is asked", () => {
  it.each<[string, Act[]]>([
    ["with its greeting", ["220 peer.test ESMTP", "250 peer.test"]],
    ["with half a line after its greeting", ["220 peer.test ESMTP", { send: "250-p" }]],
  ])("is not spoken to %s", async (_, greeting) => {
    const peer = await startPeer({ rules: [{ on: "CONNECT", do: [{ send: joined(greeting) }] }] });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: "4.5.0" });
    expect(result?.reply).toMatch(/^the server spoke out of turn/);
    expect((await peer.session()).commands).toEqual([]);
  });

  it.each([new Uint8Array(0), LETTER])("gets no message that it has answered before (%#)", async (raw) => {
    const peer = await startPeer({ rules: [{ on: "DATA", do: [{ send: "354 Go ahead\r\n250 2.0.0 Queued\r\n" }] }] });
    expect(outcomes(await sendToPeer(peer.port, { raw }))).toEqual(["deferred 4.5.0"]);
    expect((await peer.session()).messages).toEqual([]);
  });

  it("is believed when it says that it shuts down", async () => {
    const peer = await startPeer({ rules: [{ on: "EHLO", do: [{ send: "250 peer.test\r\n421 4.3.2 Bye\r\n" }] }] });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: "4.3.2", reply: "421 4.3.2 Bye" });
  });

  it("gives its reason even when it hangs up between two commands", async () => {
    const peer = await startPeer({
      capabilities: [],
      rules: [{ on: "MAIL", do: ["250 2.1.0 Ok", { pause_ms: 1 }, "421 4.7.0 Idle", { close: "reset" }] }],
    });
    const [result] = await sendToPeer(peer.port);
    expect(result?.result).toBe("deferred");
  });
});

function joined(acts: Act[]): string {
  return acts.map((act) => (typeof act === "string" ? `${act}\r\n` : "send" in act ? act.send : "")).join("");
}

describe("a group of commands", () => {
  it("is ended with a lone dot when DATA is accepted for nobody (RFC 2920 §3.1)", async () => {
    const peer = await startPeer({
      rules: [
        { on: "RCPT", do: ["550 5.1.1 No such user"] },
        { on: "DATA", do: ["354 Go ahead"] },
        { on: ".", do: ["554 5.5.1 No valid recipients"] },
      ],
    });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["failed 5.1.1"]);
    const session = await peer.session();
    expect(session.messages).toMatchObject([{ bytes: 0, rcpt_to: [] }]);
    expect(session.ended).toBe("quit");
  });

  it("is refused for the reason of MAIL, not for what follows from it", async () => {
    const peer = await startPeer({
      rules: [
        { on: "MAIL", do: ["550 5.7.1 Sender denied"] },
        { on: "RCPT", do: ["503 5.5.1 MAIL first"] },
        { on: "DATA", do: ["503 5.5.1 MAIL first"] },
      ],
    });
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "failed", status: "5.7.1", reply: "550 5.7.1 Sender denied" });
  });
});
