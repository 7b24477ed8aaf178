/** A scripted peer as a test in workerd sees it. */
import { inject } from "vitest";
import type { PeerScript, PeerSession } from "./script.ts";

export interface Peer {
  readonly port: number;
  /** What every connection saw, oldest first. */
  sessions(): Promise<PeerSession[]>;
  /** What the only connection saw. */
  session(): Promise<PeerSession>;
  /** The bytes of a message as its author meant them. */
  body(index?: number): Promise<Uint8Array>;
  /** Stops listening. */
  close(): Promise<void>;
}

export async function startPeer(script: PeerScript = {}): Promise<Peer> {
  const { control_url } = inject("smtpPeers");
  const made = await fetch(`${control_url}/peers`, { method: "POST", body: JSON.stringify(script) });
  const { id, port } = (await made.json()) as { id: string; port: number };
  const sessions = async () => (await (await fetch(`${control_url}/peers/${id}`)).json()) as PeerSession[];
  return {
    port,
    sessions,
    async session() {
      const all = await sessions();
      const [only] = all;
      if (only === undefined || all.length > 1) throw new Error(`the peer saw ${all.length} connections`);
      return only;
    },
    async body(index = 0) {
      const answer = await fetch(`${control_url}/peers/${id}/bodies/${index}`);
      if (!answer.ok) throw new Error(`the peer has no message ${index}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    async close() {
      await fetch(`${control_url}/peers/${id}`, { method: "DELETE" });
    },
  };
}
