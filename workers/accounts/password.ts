/** Passwords are hashed here, in the stateless Worker: 32 MB and a tenth of a second that no mailbox has to wait for. */
import { randomBytes, scrypt } from "node:crypto";
import type { PasswordRecord } from "../../durable-objects/mailbox/login.ts";

/** RFC 7914: N = 2^15, r = 8 takes 32 MB; OWASP's middle setting. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

export async function hashPassword(password: string, salt: string): Promise<string> {
  // RFC 8265 §4: the same password typed on another keyboard is the same password.
  const hash = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize("NFC"), Buffer.from(salt, "base64url"), 32, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
  return hash.toString("base64url");
}

export async function newPassword(password: string): Promise<PasswordRecord> {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: await hashPassword(password, salt) };
}
