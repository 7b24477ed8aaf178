/** Keys that sign: made, imported, and the record that publishes one (RFC 6376 §3.6.1, RFC 8463 §4). */
import type { DkimAlgorithm, SigningKey } from "./sign-message.ts";

/** PKCS #8 and SubjectPublicKeyInfo, in base64. */
export interface KeyPair {
  algorithm: DkimAlgorithm;
  private_key: string;
  public_key: string;
}

/** RFC 8301 §3.2: 2,048 bits. More would not fit into one string of a TXT record with many a DNS provider. */
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

const PARAMETERS = { "rsa-sha256": RSA, "ed25519-sha256": { name: "Ed25519" } } as const;

export async function makeKeyPair(algorithm: DkimAlgorithm): Promise<KeyPair> {
  const made = await crypto.subtle.generateKey(PARAMETERS[algorithm], true, ["sign", "verify"]);
  if (!("privateKey" in made)) throw new Error("a pair of keys was asked for");
  return {
    algorithm,
    private_key: base64(await exported("pkcs8", made.privateKey)),
    public_key: base64(await exported("spki", made.publicKey)),
  };
}

async function exported(format: "pkcs8" | "spki", key: CryptoKey): Promise<ArrayBuffer> {
  const bytes = await crypto.subtle.exportKey(format, key);
  if (!(bytes instanceof ArrayBuffer)) throw new Error(`${format} is bytes`);
  return bytes;
}

export async function importSigningKey(
  selector: string,
  { algorithm, private_key }: Omit<KeyPair, "public_key">,
): Promise<SigningKey> {
  const key = await crypto.subtle.importKey("pkcs8", fromBase64(private_key), PARAMETERS[algorithm], false, ["sign"]);
  return { selector, algorithm, key };
}

/** RFC 8463 §4: the 32 octets of the key alone, which are the last ones of its SubjectPublicKeyInfo. */
const ED25519_OCTETS = 32;

/** The text of the record at `selector._domainkey.domain`. */
export function keyRecord({ algorithm, public_key }: Omit<KeyPair, "private_key">): string {
  if (algorithm === "rsa-sha256") return `v=DKIM1; k=rsa; p=${public_key}`;
  return `v=DKIM1; k=ed25519; p=${base64(fromBase64(public_key).slice(-ED25519_OCTETS).buffer)}`;
}

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
