/**
 * Signs a message with DKIM (RFC 6376), by RSA and by Ed25519 (RFC 8463): the fields to put in front of it. Pure but for
 * WebCrypto; the same message, keys and time give the same bytes, since both algorithms are deterministic.
 */
import { concatBytes } from "../compose/bytes.ts";
import { canonicalBody } from "./canonical-body.ts";
import { canonicalField, readHeader } from "./canonical-header.ts";
import { foldedList, foldedValue } from "./folding.ts";
import { signedFields } from "./signed-fields.ts";

export type DkimAlgorithm = "rsa-sha256" | "ed25519-sha256";

export interface SigningKey {
  selector: string;
  algorithm: DkimAlgorithm;
  key: CryptoKey;
}

export interface Signing {
  /** A-labels (RFC 6376 §3.5, `d=`). */
  domain: string;
  /** Milliseconds. */
  time: number;
}

/** One DKIM-Signature field for each key, each ending in CRLF. The body is hashed once. */
export async function signMessage(
  message: Uint8Array<ArrayBuffer>,
  keys: readonly SigningKey[],
  { domain, time }: Signing,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = readHeader(message);
  const { names, fields } = signedFields(header.fields);
  const body = canonicalBody(message.subarray(header.bodyStart));
  const bodyHash = base64Of(await crypto.subtle.digest("SHA-256", body));
  const covered = fields.map(canonicalField);
  const signatures = await Promise.all(
    keys.map(async ({ selector, algorithm, key }) => {
      const field = unsignedField({ algorithm, domain, selector, time, names, bodyHash });
      const hashed = joinLines([...covered, canonicalField({ name: "dkim-signature", bytes: encoder.encode(field) })]);
      return `${field}${foldedValue(base64Of(await sign(algorithm, key, hashed)))}\r\n`;
    }),
  );
  return new Uint8Array(encoder.encode(signatures.join("")));
}

interface Tags extends Omit<SigningKey, "key"> {
  domain: string;
  time: number;
  names: string[];
  bodyHash: string;
}

/** The field with an empty `b=`, as it is signed (RFC 6376 §3.7). Folding it is free: relaxed form unfolds it. */
const unsignedField = ({ algorithm, domain, selector, time, names, bodyHash }: Tags): string =>
  [
    `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;`,
    `d=${domain};`,
    `s=${selector}; t=${Math.floor(time / 1000)};`,
    `h=${foldedList(names)};`,
    `bh=${bodyHash};`,
    "b=",
  ].join("\r\n\t");

/** RFC 8463 §3: Ed25519 signs the hash, where RSA's own scheme makes it. */
async function sign(algorithm: DkimAlgorithm, key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (algorithm === "rsa-sha256") return crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data);
  return crypto.subtle.sign("Ed25519", key, await crypto.subtle.digest("SHA-256", data));
}

/** RFC 6376 §3.7: each field ends in CRLF, but for the signature itself, which is the last. */
const joinLines = (lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  concatBytes(lines.flatMap((line, n) => (n === 0 ? [line] : [CRLF, line])));

const encoder = new TextEncoder();
const CRLF = encoder.encode("\r\n");

const base64Of = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
