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
      // A reset may overtake the news that the connection was made.
      expect(result).toMatchObject({ result: unanswered, status: expect.stringMatching(/^4\.4\.[12]$/) });
      expect(result?.reply).toMatch(on === "CONNECT" ? /^(?:connection lost|cannot connect)/ : /^connection lost/);
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
      // One call, and hung up.
      expect((await peer.session()).ended).not.toBeNull();
    });

    it(`is ${unanswered} when the peer asks to go on with 334`, async () => {
      const peer = await peerThat(on, ["334 Go on"]);
      const [result] = await sendToPeer(peer.port);
      expect(result?.result).toBe(unanswered);
    });
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
