/** The MTA-STS policy of a domain (RFC 8461): what a sender may expect of its mail servers. */

export const MTA_STS_MODES = ["testing", "enforce", "none"] as const;
export type MtaStsMode = (typeof MTA_STS_MODES)[number];

/** RFC 8461 §3.2 has weeks in mind; a week is what a mistake would last with senders that hold the policy. */
const MAX_AGE_SECONDS = 7 * 24 * 3600;

/** RFC 8461 §3.2: a line for each mail server, in CRLF. */
export const mtaStsPolicy = (mode: MtaStsMode, mailServers: string[]): string =>
  ["version: STSv1", `mode: ${mode}`, ...mailServers.map((server) => `mx: ${server}`), `max_age: ${MAX_AGE_SECONDS}`]
    .map((line) => `${line}\r\n`)
    .join("");

/** RFC 8461 §3.1: up to 32 letters and digits that change when the policy does, so they are made of it. */
export async function mtaStsId(policy: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(policy)));
  return Array.from(hash.subarray(0, 10), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
