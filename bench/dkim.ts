/** `node bench/dkim.ts`: what signing a message costs, beside mailauth's signer, which needs Node's streams and crypto. */
import { createPrivateKey } from "node:crypto";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { importSigningKey, type KeyPair, makeKeyPair } from "../mail/dkim/keys.ts";
import { signMessage } from "../mail/dkim/sign-message.ts";
import { median } from "./measure.ts";

const DOMAIN = "mesh.example";
const HEAD = [
  `From: Alice <alice@${DOMAIN}>`,
  "To: zoe@far.example",
  "Subject: Hello",
  "Date: Wed, 25 Nov 2026 00:00:00 +0000",
  `Message-ID: <1@${DOMAIN}>`,
].join("\r\n");

const MESSAGES = [
  ["5 kB", `${"Good morning to all of you.\r\n".repeat(180)}`, 300],
  ["25 MB of base64", `${"QUJD".repeat(19)}\r\n`.repeat(320_000), 5],
  ["25 MB of text", "two  words \r\n".repeat(1_920_000), 5],
] as const;

const pairs = [await makeKeyPair("rsa-sha256"), await makeKeyPair("ed25519-sha256")];
const keys = await Promise.all(pairs.map((pair, n) => importSigningKey(`s${n}`, pair)));
const [first, second] = pairs.map((pair, n) => ({
  ...{ signingDomain: DOMAIN, selector: `s${n}`, privateKey: pemOf(pair), canonicalization: "relaxed/relaxed" },
}));
if (first === undefined || second === undefined) throw new Error("two keys");
const mailauthOptions = { ...first, signatureData: [first, second] };

print("make an RSA pair", await time(10, () => makeKeyPair("rsa-sha256")));
for (const [name, body, runs] of MESSAGES) {
  const message = new Uint8Array(Buffer.from(`${HEAD}\r\n\r\n${body}`, "latin1"));
  const signing = { domain: DOMAIN, time: Date.UTC(2026, 10, 25) };
  console.log(`== ${name}`);
  print("both signatures", await time(runs, () => signMessage(message, keys, signing)));
  print("RSA alone", await time(runs, () => signMessage(message, keys.slice(0, 1), signing)));
  print("Ed25519 alone", await time(runs, () => signMessage(message, keys.slice(1), signing)));
  const byMailauth = () => dkimSign(Buffer.from(message.buffer), mailauthOptions);
  print("both by mailauth", await time(runs, byMailauth));
}

async function time(runs: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

function print(what: string, milliseconds: number): void {
  console.log(`${what.padEnd(20)} ${milliseconds.toFixed(2).padStart(8)} ms`);
}

function pemOf({ private_key }: KeyPair): string {
  const key = createPrivateKey({ key: Buffer.from(private_key, "base64"), format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}
