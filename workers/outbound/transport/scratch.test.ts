import { it } from "vitest";
import { startPeer } from "../../../tests/smtp-peers/peer.ts";
import { sendToPeer } from "../../../tests/smtp-peers/send-to-peer.ts";
const LARGE = new TextEncoder().encode(`Subject: large\r\n\r\n${`${"y".repeat(70)}\r\n`.repeat(240_000)}`);
for (let i = 0; i < 6; i++)
it(`x ${i}`, async () => {
    const peer = await startPeer({
      during_data: { after_bytes: 200_000, do: ["552 5.3.4 Too large", { close: "end" }] },
    });
    const t = Date.now();
    const [result] = await sendToPeer(peer.port, { raw: LARGE });
    console.log(result?.result, result?.reply, Date.now() - t, JSON.stringify(await peer.sessions()));
});
