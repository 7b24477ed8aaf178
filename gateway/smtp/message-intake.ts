/**
 * DATA into memory, bounded twice: by the size of one message and by a budget that all connections share. The mesh is
 * called only when the message is complete, so a slow or vanished sender never holds one of its requests open, and the
 * same bytes can be sent again for a further batch of recipients.
 */
import type { SMTPServerDataStream } from "smtp-server";

/** Octets that all unfinished messages may hold together: ten messages of the greatest size. */
const SHARED_BUDGET = 256 * 1024 * 1024;

/** A client that goes on this many times past the announced SIZE is not sending mail; it is cut off. */
const FLOOD_FACTOR = 3;

export type Intake =
  | { outcome: "complete"; chunks: readonly Buffer[]; size: number; release: () => void }
  | { outcome: "too_large" }
  | { outcome: "no_room" }
  /** The connection ended before the message did: there is nobody to answer. */
  | { outcome: "gone" };

export class MessageIntake {
  readonly #maxBytes: number;
  readonly #budget: number;
  #held = 0;

  constructor(maxBytes: number, budget = SHARED_BUDGET) {
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  /** Octets held at this moment. */
  get held(): number {
    return this.#held;
  }

  /** `cutOff` ends the connection of a client that does not stop. What is over a limit is read but not kept. */
  take(stream: SMTPServerDataStream, cutOff: () => void): Promise<Intake> {
    return new Promise((resolve) => {
      let chunks: Buffer[] = [];
      let size = 0;
      let kept = 0;
      let failure: "too_large" | "no_room" | undefined;
      const release = () => {
        this.#held -= kept;
        kept = 0;
        chunks = [];
      };
      const give = (reason: typeof failure) => {
        failure = reason;
        release();
      };
      stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > this.#maxBytes * FLOOD_FACTOR) cutOff();
        if (failure !== undefined) return;
        if (size > this.#maxBytes) return give("too_large");
        if (this.#held + chunk.length > this.#budget) return give("no_room");
        this.#held += chunk.length;
        kept += chunk.length;
        chunks.push(chunk);
      });
      stream.once("end", () => {
        if (failure !== undefined) resolve({ outcome: failure });
        else resolve({ outcome: "complete", chunks, size, release });
      });
      const gone = () => {
        if (stream.readableEnded) return;
        release();
        resolve({ outcome: "gone" });
      };
      stream.once("error", gone);
      stream.once("close", gone);
    });
  }
}
