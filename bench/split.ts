/** `node bench/split.ts`: what splitting and joining a large message costs, beside reading it. */
import { sha256Hex } from "../mail/fingerprint.ts";
import { parseMessage } from "../mail/parse/parse-message.ts";
import { joinMessage } from "../mail/split/join-message.ts";
import { splitMessage } from "../mail/split/split-message.ts";
import { median } from "./measure.ts";

const MB = 1_000_000;
const LIMITS = { min_content: 64 * 1024, max_parts: 20, max_skeleton: 128 * 1024 };

for (const size of [1, 5, 25]) {
  const message = messageOf(size * MB);
  const split = await splitMessage(message, LIMITS);
  if (split === null) throw new Error("not split");
  console.log(`== a message of ${size} MB with one file`);
  print("read it", await time(() => parseMessage(message)));
  print("hash it", await time(() => sha256Hex(message)));
  print("split it, with the proof", await time(() => splitMessage(message, LIMITS)));
  let largest = 0;
  const join = async () => {
    for await (const piece of joinMessage(split, ({ sha256 }) => inPieces(split.contents.get(sha256)))) {
      largest = Math.max(largest, piece.byteLength);
    }
  };
  print("join it", await time(join));
  console.log(`largest piece that joining held: ${(largest / 1000).toFixed(0)} kB\n`);
}

function messageOf(size: number): Uint8Array<ArrayBuffer> {
  const file = crypto.getRandomValues(new Uint8Array(65_536));
  const content = Buffer.concat(Array.from({ length: Math.ceil((size * 0.73) / file.length) }, () => file));
  const body = (content.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n");
  const head = `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: image/png\r\n`;
  return new Uint8Array(Buffer.from(`${head}Content-Transfer-Encoding: base64\r\n\r\n${body}\r\n--b--\r\n`, "latin1"));
}

/** As R2 gives an object: not in one piece. */
function* inPieces(content = new Uint8Array()): Generator<Uint8Array> {
  for (let at = 0; at < content.byteLength; at += 32_768) yield content.subarray(at, at + 32_768);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let n = 0; n < 9; n++) {
    const began = performance.now();
    await work();
    samples.push(performance.now() - began);
  }
  return median(samples);
}

function print(what: string, milliseconds: number): void {
  console.log(`${what.padEnd(26)} ${milliseconds.toFixed(1).padStart(7)} ms`);
}
