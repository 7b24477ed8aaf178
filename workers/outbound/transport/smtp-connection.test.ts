/** What a conversation cannot show from outside, because it never idles: a peer that leaves while nobody listens. */
import { describe, expect, it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import type { Act } from "../../../tests/smtp-peers/script.ts";
import { SmtpConnection } from "./smtp-connection.ts";
import { DEFAULT_SMTP_TIMEOUTS } from "./smtp-timeouts.ts";

const idle = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A connection that was greeted and then left alone while the peer acts. */
async function neglected(acts: Act[]) {
  const peer = await startPeer({ rules: [{ on: "CONNECT", do: ["220 peer.test", { pause_ms: 50 }, ...acts] }] });
  const connection = await SmtpConnection.open("127.0.0.1", peer.port, false, DEFAULT_SMTP_TIMEOUTS);
  await connection.reply("greeting");
  await idle(250);
  return connection;
}

describe("a peer that leaves while nobody listens", () => {
  it.each(["end", "reset"] as const)("is heard at the next command, with its reason (%s)", async (close) => {
    const connection = await neglected(["421 4.4.2 Idle for too long", { close }]);
    const heard = connection.command("EHLO mesh.test").then(
      async () => (await connection.reply("command")).lines.join(),
      (error: Error) => error.message,
    );
    expect(await heard).toContain("4.4.2 Idle for too long");
    connection.abandon();
  });

  it("is noticed by listening", async () => {
    const connection = await neglected([{ close: "end" }]);
    await connection.listen();
    expect(connection.hasEnded).toBe(true);
    connection.abandon();
  });

  it("is noticed by listening when it has spoken, too", async () => {
    const connection = await neglected(["250 Unasked"]);
    await connection.listen();
    expect(connection.hasUnread).toBe(true);
    await expect(connection.command("EHLO mesh.test")).rejects.toMatchObject({ status: "4.5.0", inStep: false });
    connection.abandon();
  });
});
