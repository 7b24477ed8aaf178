/**
 * ClamAV's daemon over TCP: `zINSTREAM`, the message in chunks with their length in front, an empty chunk, and one answer
 * that ends in a zero octet (clamd(8)). It is told nothing of sender or recipient.
 */
import { connect } from "cloudflare:sockets";
import type { Scanner, ScannerVerdict } from "./scanner.ts";

/** Small enough that a clamd which stops reading holds little of our memory. */
const CHUNK_BYTES = 64 * 1024;
/** A verdict is the name of a signature, and no longer. */
const MAX_ANSWER = 1024;

/** `address`: `host:port`, with brackets around IPv6. What it scans is one message, and the files of it: all in this time. */
export function clamdScanner(address: string, timeoutMs: number): Scanner {
  const end = Date.now() + timeoutMs;
  return {
    async scan(bytes) {
      const left = end - Date.now();
      const verdict = left > 0 ? await scanWithin(address, bytes, left) : LATE;
      if (verdict.state === "failed") console.warn("the virus scanner did not scan", { address, why: verdict.found });
      return verdict;
    },
  };
}

async function scanWithin(address: string, bytes: Uint8Array, timeoutMs: number): Promise<ScannerVerdict> {
  let socket: Socket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<ScannerVerdict>((resolve) => {
    timer = setTimeout(() => resolve(LATE), timeoutMs);
  });
  try {
    socket = connect(address, { secureTransport: "off", allowHalfOpen: false });
    // Whoever reads or writes learns of the end there.
    socket.closed.catch(() => {});
    return await Promise.race([converse(socket, bytes), late]);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    // It may wait for a write that is blocked for ever, so nobody waits for it.
    socket?.close().catch(() => {});
  }
}

/**
 * clamd may answer before it has everything, as when the message is larger than its StreamMaxLength, and then hangs up.
 * So the answer is read while the message is written, and only the answer counts.
 */
async function converse(socket: Socket, bytes: Uint8Array): Promise<ScannerVerdict> {
  await socket.opened;
  const answer = readAnswer(socket);
  // That it cannot be sent to means that it hung up; what it said before that is its answer.
  await send(socket, bytes).catch(() => {});
  return answer;
}

async function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode("zINSTREAM\0"));
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    await writer.write(lengthOf(chunk.length));
    await writer.write(chunk);
  }
  await writer.write(lengthOf(0));
}

function lengthOf(length: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, length);
  return octets;
}

async function readAnswer(socket: Socket): Promise<ScannerVerdict> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = socket.readable.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (!text.includes("\0") && text.length < MAX_ANSWER) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // What it says as it hangs up may be lost on the way, where it had not read all that was sent.
    if (text === "") return failed("it hung up, as it does when a message is larger than its StreamMaxLength");
  }
  return verdictOf(text.slice(0, MAX_ANSWER));
}

function verdictOf(answer: string): ScannerVerdict {
  const words = (answer.split("\0")[0] ?? "").trim().replace(/^stream: /, "");
  if (words === "OK") return { state: "clean", found: null };
  if (words.endsWith(" FOUND")) return { state: "infected", found: words.slice(0, -" FOUND".length) };
  return failed(words === "" ? "it hung up without an answer" : words);
}

const failed = (why: string): ScannerVerdict => ({ state: "failed", found: why.toWellFormed().slice(0, 200) });
const LATE = failed("it did not answer in time");
