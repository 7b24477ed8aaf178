/** From a closed port to a server that is ready for MAIL: greeting, EHLO, TLS, login. */
import type { Relay } from "./relay-url.ts";
import { authenticate } from "./smtp-auth.ts";
import { type Capabilities, capabilitiesIn, NO_CAPABILITIES } from "./smtp-capabilities.ts";
import { SmtpConnection } from "./smtp-connection.ts";
import { refusedByRelay, SmtpInterruption } from "./smtp-interruption.ts";
import type { SmtpTimeouts } from "./smtp-timeouts.ts";

export interface SmtpSession {
  connection: SmtpConnection;
  capabilities: Capabilities;
}

/** Opens a session or throws an SmtpInterruption; what it leaves behind then is closed. */
export async function openSession(relay: Relay, clientName: string, timeouts: SmtpTimeouts): Promise<SmtpSession> {
  const connection = await SmtpConnection.open(relay.host, relay.port, relay.implicitTls, timeouts);
  try {
    return { connection, capabilities: await getReady(connection, relay, clientName) };
  } catch (error) {
    await leave(connection, error);
    throw error;
  }
}

/** Says goodbye where the peer still listens (RFC 5321 §3.1: also after a 554 greeting), and closes in any case. */
export async function leave(connection: SmtpConnection, error: unknown): Promise<void> {
  if (error instanceof SmtpInterruption && error.inStep) await connection.quit();
  else connection.abandon();
}

async function getReady(connection: SmtpConnection, relay: Relay, clientName: string): Promise<Capabilities> {
  const greeting = await connection.reply("greeting");
  if (greeting.code !== 220) throw refusedByRelay(greeting);
  let capabilities = await introduce(connection, clientName);
  if (!relay.implicitTls && relay.startTls !== "off") {
    if (capabilities.startTls) {
      const reply = await connection.startTls();
      if (reply.code !== 220) throw refusedByRelay(reply);
      // RFC 3207 §4.2: what was said before TLS is forgotten on both sides.
      capabilities = await introduce(connection, clientName);
    } else if (relay.startTls === "required") {
      const why = relay.credentials === null ? "?tls=required" : "a password that must not be sent in clear text";
      throw new SmtpInterruption("4.7.4", `the relay offers no STARTTLS, and RELAY_URL has ${why}`, true);
    }
  }
  if (relay.credentials !== null) await authenticate(connection, capabilities, relay.credentials);
  return capabilities;
}

async function introduce(connection: SmtpConnection, clientName: string): Promise<Capabilities> {
  await connection.command(`EHLO ${clientName}`);
  const extended = await connection.reply("command");
  if (extended.code === 250) return capabilitiesIn(extended);
  if (extended.code < 500) throw refusedByRelay(extended);
  // RFC 5321 §3.2: a server from before 1993, or one that refuses us; HELO tells which.
  await connection.command(`HELO ${clientName}`);
  const plain = await connection.reply("command");
  if (plain.code !== 250) throw refusedByRelay(plain);
  return NO_CAPABILITIES;
}
