/** Sends to a scripted peer through the real transport, with a letter and settings that a test changes where it must. */
import { parseRelayUrl } from "../../workers/outbound/transport/relay-url.ts";
import { SmtpPool } from "../../workers/outbound/transport/smtp-pool.ts";
import type { SmtpTimeouts } from "../../workers/outbound/transport/smtp-timeouts.ts";
import { smtpTransport } from "../../workers/outbound/transport/smtp-transport.ts";
import type { RecipientResult, Transmission } from "../../workers/outbound/transport/transport.ts";

export const LETTER = new TextEncoder().encode("From: ana@mesh.test\r\nSubject: Hello\r\n\r\nHello Bob.\r\n");

export interface Settings extends Partial<Transmission> {
  scheme?: "smtp" | "smtps";
  /** `localhost` or `127.0.0.1`. */
  host?: string;
  /** `user:password`, percent-encoded. */
  login?: string;
  tls?: "required" | "opportunistic" | "off";
  timeouts?: Partial<SmtpTimeouts>;
  clientName?: string;
}

/** Long enough for a machine with other things to do. Tests of silence cut the step they are about. */
const PATIENT: Partial<SmtpTimeouts> = { quit: 2000 };

export async function sendToPeer(port: number, settings: Settings = {}): Promise<RecipientResult[]> {
  const { scheme = "smtp", host = "127.0.0.1", login, tls, timeouts, clientName = "mesh.test", ...letter } = settings;
  const query = tls === undefined ? "" : `?tls=${tls}`;
  const relay = parseRelayUrl(`${scheme}://${login === undefined ? "" : `${login}@`}${host}:${port}${query}`);
  if (!relay.ok) throw new Error(relay.error.message);
  const pool = new SmtpPool(clientName, { ...PATIENT, ...timeouts });
  try {
    const transport = smtpTransport(relay.value, pool);
    return await transport.send({ mail_from: "ana@mesh.test", rcpt_to: ["bob@example.org"], raw: LETTER, ...letter });
  } finally {
    await pool.close();
  }
}

/** What tells the results apart, for short expectations. */
export function outcomes(results: RecipientResult[]): string[] {
  return results.map(({ result, status }) => `${result} ${status}`);
}
