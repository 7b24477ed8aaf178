/** Signatures as mailauth sees them: an implementation that is not ours, asking a DNS that is a map. */
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { importSigningKey, keyRecord, makeKeyPair } from "./keys.ts";
import type { SigningKey } from "./sign-message.ts";

/** `rsa-sha256 pass`, for each signature in its order. */
export async function verdictsOf(raw: Buffer, records: ReadonlyMap<string, string>): Promise<string[]> {
  const { results } = await dkimVerify(raw, {
    resolver: async (name: string) => {
      const record = records.get(name);
      if (record === undefined) throw Object.assign(new Error(`no ${name}`), { code: "ENOTFOUND" });
      return [[record]];
    },
  });
  return results.map(({ algo, status }) => `${algo} ${status.result}`);
}

export interface TestKeys {
  keys: SigningKey[];
  /** What DNS says, by name. */
  records: Map<string, string>;
}

/** A pair of keys of `mesh.example`, as a Domain object makes them. */
export async function keysForTests(domain = "mesh.example"): Promise<TestKeys> {
  const [rsa, ed25519] = await Promise.all([makeKeyPair("rsa-sha256"), makeKeyPair("ed25519-sha256")]);
  return {
    keys: await Promise.all([importSigningKey("mm202611a", rsa), importSigningKey("mm202611b", ed25519)]),
    records: new Map([
      [`mm202611a._domainkey.${domain}`, keyRecord(rsa)],
      [`mm202611b._domainkey.${domain}`, keyRecord(ed25519)],
    ]),
  };
}
