/** Sessions that the messages of a batch share, seen from the servers' side. */
import { describe, expect, it } from "vitest";
import { type Peer, startPeer } from "../../../tests/smtp-peers/peer.ts";
import type { PeerScript } from "../../../tests/smtp-peers/script.ts";
import { LETTER, outcomes } from "../../../tests/smtp-peers/send-to-peer.ts";
import { parseRelayUrl, type Relay } from "./relay-url.ts";
import { MAX_CONNECTIONS, SmtpPool } from "./smtp-pool.ts";
import type { SmtpTimeouts } from "./smtp-timeouts.ts";
import { smtpTransport } from "./smtp-transport.ts";

const relayTo = ({ port }: Peer): Relay => {
  const relay = parseRelayUrl(`smtp://127.0.0.1:${port}`);
  if (!relay.ok) throw new Error(relay.error.message);
  return relay.value;
};

/** A batch to one peer: `send` hands a message over and says what became of it. */
async function inBatch(
  script: PeerScript,
  work: (send: (...rcptTo: string[]) => Promise<string>) => Promise<void>,
  timeouts: Partial<SmtpTimeouts> = {},
) {
  const peer = await startPeer(script);
  const pool = new SmtpPool("mesh.test", { quit: 2000, ...timeouts });
  const transport = smtpTransport(relayTo(peer), pool);
  await work(async (...rcpt_to) =>
    outcomes(await transport.send({ mail_from: "ana@mesh.test", rcpt_to, raw: LETTER })).join(", "),
  );
  await pool.close();
  const sessions = await peer.sessions();
  return {
    sessions: sessions.map(({ messages, ended }) => ({ messages: messages.length, ended })),
    recipients: sessions.flatMap(({ messages }) => messages.flatMap(({ rcpt_to }) => rcpt_to)),
    commands: sessions.map(({ commands }) => commands),
  };
}

describe("a batch", () => {
  it("sends its messages over one connection, which it leaves with QUIT", async () => {
    const { sessions, recipients, commands } = await inBatch({}, async (send) => {
      for (const name of ["a", "b", "c"]) expect(await send(`${name}@x.example`)).toBe("sent 2.0.0");
    });
    expect(sessions).toEqual([{ messages: 3, ended: "quit" }]);
    expect(recipients).toEqual(["a@x.example", "b@x.example", "c@x.example"]);
    expect(commands[0]?.filter((command) => command.startsWith("EHLO"))).toHaveLength(1);
  });

  it("has at most four connections, however many messages leave at once", async () => {
    const names = Array.from({ length: 30 }, (_, n) => `r${n}@x.example`);
    const { sessions, recipients } = await inBatch(
      { rules: [{ on: ".", do: [{ pause_ms: 20 }, "250 2.0.0 Ok"] }] },
      async (send) => {
        const results = await Promise.all(names.map((name) => send(name)));
        expect(new Set(results)).toEqual(new Set(["sent 2.0.0"]));
      },
    );
    expect(sessions).toHaveLength(MAX_CONNECTIONS);
    expect(sessions.every(({ ended }) => ended === "quit")).toBe(true);
    expect(recipients.sort()).toEqual(names.sort());
  });

  it("makes room for another relay by leaving one that has nothing to do", async () => {
    const peers = await Promise.all(Array.from({ length: 6 }, () => startPeer()));
    const pool = new SmtpPool("mesh.test", { quit: 2000 });
    const letter = { mail_from: "ana@mesh.test", rcpt_to: ["a@x.example"], raw: LETTER };
    for (let round = 0; round < 2; round++) {
      const results = await Promise.all(peers.map((peer) => smtpTransport(relayTo(peer), pool).send(letter)));
      expect(results.flatMap(outcomes)).toEqual(peers.map(() => "sent 2.0.0"));
    }
    await pool.close();
    const sessions = (await Promise.all(peers.map((peer) => peer.sessions()))).flat();
    expect(sessions.every(({ ended }) => ended === "quit")).toBe(true);
    expect(sessions.flatMap(({ messages }) => messages)).toHaveLength(12);
  });

  it("goes on with a session whose server refused a message, a recipient or everybody", async () => {
    const rules = [
      { on: "RCPT TO:<gone@", do: ["550 5.1.1 No such user"] },
      { on: ".", nth: 2, do: ["554 5.7.1 Spam"] },
      { on: "MAIL", nth: 4, do: ["451 4.7.1 Later"] },
    ];
    for (const capabilities of [["PIPELINING"], []]) {
      const { sessions } = await inBatch({ rules, capabilities }, async (send) => {
        expect(await send("gone@x.example", "a@x.example")).toBe("failed 5.1.1, sent 2.0.0");
        expect(await send("b@x.example")).toBe("failed 5.7.1");
        expect(await send("gone@x.example")).toBe("failed 5.1.1");
        expect(await send("c@x.example")).toBe("deferred 4.7.1");
        expect(await send("d@x.example")).toBe("sent 2.0.0");
      });
      expect(sessions).toMatchObject([{ ended: "quit" }]);
    }
  });
});

describe("a session that ends between two messages", () => {
  const twice = async (send: (...rcptTo: string[]) => Promise<string>) => {
    expect(await send("a@x.example")).toBe("sent 2.0.0");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await send("b@x.example")).toBe("sent 2.0.0");
  };

  it.each<[string, PeerScript]>([
    [
      "with 421 at MAIL",
      { rules: [{ on: "MAIL", nth: 2, do: ["421 4.7.0 Enough for one connection", { close: "end" }] }] },
    ],
    ["with 421 at RCPT", { rules: [{ on: "RCPT", nth: 2, do: ["421 4.7.0 Enough", { close: "end" }] }] }],
    ["with 421 at DATA", { rules: [{ on: "DATA", nth: 2, do: ["421 4.7.0 Enough", { close: "end" }] }] }],
    [
      "with 421 of its own accord",
      { rules: [{ on: ".", nth: 1, do: ["250 2.0.0 Ok", "421 4.4.2 Idle", { close: "end" }] }] },
    ],
    ["without a word", { rules: [{ on: ".", nth: 1, do: ["250 2.0.0 Ok", { close: "end" }] }] }],
    ["with a reset", { rules: [{ on: "MAIL", nth: 2, do: [{ close: "reset" }] }] }],
    ["with nonsense", { rules: [{ on: "MAIL", nth: 2, do: ["what?"] }] }],
    ["without PIPELINING, at RCPT", { capabilities: [], rules: [{ on: "RCPT", nth: 2, do: ["421 4.7.0 Enough"] }] }],
  ])("%s costs no message and makes none twice", async (_, script) => {
    const { sessions, recipients } = await inBatch(script, twice);
    expect(recipients).toEqual(["a@x.example", "b@x.example"]);
    expect(sessions).toHaveLength(2);
  });

  it("keeps what it said of a message before it broke", async () => {
    const rules = [{ on: ".", nth: 2, do: ["421 4.3.2 Closing, and not yours", { close: "end" as const }] }];
    const { sessions } = await inBatch({ rules }, async (send) => {
      expect(await send("a@x.example")).toBe("sent 2.0.0");
      expect(await send("b@x.example")).toBe("deferred 4.3.2");
    });
    expect(sessions).toHaveLength(1);
  });

  it("after the last dot leaves it uncertain, and is not tried again here", async () => {
    const { sessions } = await inBatch({ rules: [{ on: ".", nth: 2, do: [{ close: "end" }] }] }, async (send) => {
      expect(await send("a@x.example")).toBe("sent 2.0.0");
      expect(await send("b@x.example")).toBe("uncertain 4.4.2");
    });
    expect(sessions).toHaveLength(1);
  });

  it("on every connection is tried twice and then put off", async () => {
    const { sessions } = await inBatch(
      { rules: [{ on: "RCPT TO:<b@", do: ["421 4.7.0 Not that one"] }] },
      async (send) => {
        expect(await send("a@x.example")).toBe("sent 2.0.0");
        expect(await send("b@x.example")).toBe("deferred 4.7.0");
      },
    );
    expect(sessions).toHaveLength(2);
  });
});

describe("a batch whose time is over", () => {
  it("puts off what was not begun", async () => {
    const slow: PeerScript = { rules: [{ on: ".", do: [{ pause_ms: 2500 }, "250 2.0.0 Ok"] }] };
    await inBatch(
      slow,
      async (send) => {
        const results = await Promise.all(Array.from({ length: 6 }, (_, n) => send(`r${n}@x.example`)));
        expect(results.sort()).toEqual([...Array(2).fill("deferred 4.4.5"), ...Array(4).fill("sent 2.0.0")]);
      },
      { hand_over: 2000 },
    );
  });
});
