/** Peers that refuse, break off, fall silent or talk nonsense, at every step of a conversation. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import type { Act } from "../../../tests/smtp-peers/script.ts";
import { outcomes, sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";
import { DEFAULT_SMTP_TIMEOUTS, type SmtpTimeouts } from "./smtp-timeouts.ts";

/** Each step with its place in a script and its time limit. */
const STEPS: [on: string, step: keyof SmtpTimeouts][] = [
  ["CONNECT", "greeting"],
  ["EHLO", "command"],
  ["MAIL", "mail"],
  ["RCPT", "rcpt"],
  ["DATA", "data"],
  [".", "end_of_data"],
];

/** More than the kernels' buffers on both sides hold, so that the end is not out before the beginning was read. */
const LARGE = new TextEncoder().encode(`Subject: large\r\n\r\n${`${"y".repeat(70)}\r\n`.repeat(240_000)}`);

describe.each([
  ["with pipelining", ["PIPELINING"]],
  ["without pipelining", []],
])("a relay %s", (_, capabilities) => {
  /** A peer that acts at one step, and for EHLO at the HELO after it, too. */
  const peerThat = (on: string, acts: Act[]) =>
    startPeer({ capabilities, rules: [{ on, do: acts }, ...(on === "EHLO" ? [{ on: "HELO", do: acts }] : [])] });

  describe.each(STEPS)("at %s", (on, step) => {
    const aboutSettings = on === "CONNECT" || on === "EHLO";

    it("defers with a 4xx", async () => {
      const peer = await peerThat(on, ["451 4.7.1 Greylisted"]);
      const [result] = await sendToPeer(peer.port);
      expect(result).toMatchObject({ result: "deferred", status: "4.7.1", reply: "451 4.7.1 Greylisted" });
      expect((await peer.session()).ended).toBe("quit");
    });

    it(aboutSettings ? "defers even with a 5xx: it is about settings" : "fails with a 5xx", async () => {
      const peer = await peerThat(on, ["554-5.7.1 Not from you", "554 5.7.1 See https://relay.example"]);
      const [result] = await sendToPeer(peer.port);
      expect(result).toEqual({
        address: "bob@example.org",
        result: aboutSettings ? "deferred" : "failed",
        status: aboutSettings ? "4.7.1" : "5.7.1",
        reply: "554 5.7.1 Not from you See https://relay.example",
        remote_mta: "127.0.0.1",
      });
      expect((await peer.session()).ended).toBe("quit");
    });

    it("defers with a 421, whatever comes after", async () => {
      const peer = await peerThat(on, ["421 4.3.2 Shutting down", { close: "end" }]);
      const [result] = await sendToPeer(peer.port);
      expect(result).toMatchObject({ result: "deferred", status: "4.3.2", reply: "421 4.3.2 Shutting down" });
      expect(await peer.sessions()).toHaveLength(1);
    });

    const unanswered = on === "." ? "uncertain" : "deferred";

    it.each(["end", "reset"] as const)(`is ${unanswered} when the peer leaves (%s)`, async (close) => {
      const peer = await peerThat(on, [{ close }]);
      const [result] = await sendToPeer(peer.port);
      expect(result).toMatchObject({ result: unanswered, status: "4.4.2", remote_mta: "127.0.0.1" });
      expect(result?.reply).toMatch(/^connection lost/);
    });

    it(`is ${unanswered} when the peer leaves in the middle of a reply`, async () => {
      const peer = await peerThat(on, [{ send: "250-half" }, { close: "end" }]);
      expect(outcomes(await sendToPeer(peer.port))).toEqual([`${unanswered} 4.4.2`]);
    });

    it(`is ${unanswered} when the peer is silent, and does not wait longer than told`, async () => {
      const peer = await peerThat(on, [{ pause_ms: 3000 }]);
      const started = Date.now();
      const [result] = await sendToPeer(peer.port, { timeouts: { [step]: 200 } });
      expect(result).toMatchObject({ result: unanswered, status: "4.4.2" });
      expect(result?.reply).toMatch(/^timed out/);
      expect(Date.now() - started).toBeLessThan(2000);
    });

    it(`is ${unanswered} when the peer drips a reply without an end`, async () => {
      const drops = Array.from({ length: 40 }, () => [{ send: "250-x\r\n" }, { pause_ms: 30 }]).flat();
      const peer = await peerThat(on, drops);
      const [result] = await sendToPeer(peer.port, { timeouts: { [step]: 200 } });
      expect(result?.result).toBe(unanswered);
    });

    it.each<[string, Act]>([
      ["a line without an end", { flood: "x", bytes: 100_000_000 }],
      ["a reply of endless lines", { flood: "250-more\r\n", bytes: 100_000_000 }],
      ["another protocol", "HTTP/1.1 400 Bad Request"],
      ["nothing but zeros", { flood: "\0", bytes: 10_000 }],
      ["8-bit bytes", { send: "\xff\xfe\x80\r\n" }],
      ["a code of no class", "799 Hm"],
      ["a preliminary reply", "150 Wait"],
    ])(`is ${unanswered} when the peer says %s`, async (_, act) => {
      const peer = await peerThat(on, [act]);
      const [result] = await sendToPeer(peer.port);
      expect(result).toMatchObject({ result: unanswered, status: "4.5.0" });
      expect(result?.reply).toMatch(/^not an SMTP reply:/);
      expect(result?.reply.length).toBeLessThanOrEqual(500);
      expect(await peer.sessions()).toHaveLength(1);
    });

    it(`is ${unanswered} when the peer asks to go on with 334`, async () => {
      const peer = await peerThat(on, ["334 Go on"]);
      const [result] = await sendToPeer(peer.port);
      expect(result?.result).toBe(unanswered);
    });
  });

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

describe("a relay that is down", () => {
  it("defers when it refuses the connection", async () => {
    const peer = await startPeer();
    await peer.close();
    const [result] = await sendToPeer(peer.port);
    expect(result).toMatchObject({ result: "deferred", status: "4.4.1", remote_mta: "127.0.0.1" });
    expect(result?.reply).toMatch(/^cannot connect to 127\.0\.0\.1:\d+: /);
  });

  it("defers when its name leads nowhere", async () => {
    const [result] = await sendToPeer(2525, { host: "relay.invalid" });
    expect(result).toMatchObject({ result: "deferred", status: "4.4.1" });
  });
});

describe("a relay from before EHLO", () => {
  it("is spoken to with HELO and gets plain mail", async () => {
    const peer = await startPeer({ rules: [{ on: "EHLO", do: ["502 5.5.1 What?"] }] });
    expect(outcomes(await sendToPeer(peer.port))).toEqual(["sent 2.0.0"]);
    expect((await peer.session()).commands.slice(0, 3)).toEqual([
      "EHLO mesh.test",
      "HELO mesh.test",
      "MAIL FROM:<ana@mesh.test>",
    ]);
  });
});

describe("the default time limits", () => {
  it("leave a queue consumer's fifteen minutes enough for the rest of its work", () => {
    const { hand_over, end_of_data, quit } = DEFAULT_SMTP_TIMEOUTS;
    expect(hand_over + end_of_data + quit).toBeLessThan(14 * 60_000);
  });

  it("wait for the final reply as long as RFC 5321 §4.5.3.2.6 asks", () => {
    expect(DEFAULT_SMTP_TIMEOUTS.end_of_data).toBe(10 * 60_000);
  });
});
