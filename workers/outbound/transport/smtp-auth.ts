/** AUTH (RFC 4954) with PLAIN, and LOGIN for servers that know nothing else. */
import type { Credentials } from "./relay-url.ts";
import type { Capabilities } from "./smtp-capabilities.ts";
import type { SmtpConnection } from "./smtp-connection.ts";
import { refusedByRelay, SmtpInterruption } from "./smtp-interruption.ts";
import type { Reply } from "./smtp-replies.ts";

/**
 * Logs in or throws. That the password may be said is decided before (relay-url.ts, smtp-session.ts). Without a common
 * mechanism nothing is sent at all: whoever set a password does not want mail to leave without it.
 */
export async function authenticate(
  connection: SmtpConnection,
  capabilities: Capabilities,
  credentials: Credentials,
): Promise<void> {
  const reply = await dialogue(connection, capabilities.auth, credentials);
  if (reply.code >= 200 && reply.code < 300) return;
  if (reply.code >= 400) throw refusedByRelay(reply);
  // One question too many. RFC 4954 §4: a lone asterisk cancels the dialogue.
  await connection.command("*");
  throw refusedByRelay(await connection.reply("command"));
}

async function dialogue(
  connection: SmtpConnection,
  mechanisms: ReadonlySet<string>,
  { user, password }: Credentials,
): Promise<Reply> {
  const ask = async (line: string) => {
    await connection.command(line);
    return connection.reply("command");
  };
  if (mechanisms.has("PLAIN")) {
    // RFC 4616 §2: no authorization identity, then the two others, each after a NUL.
    const response = base64(`\0${user}\0${password}`);
    const reply = await ask(`AUTH PLAIN ${response}`);
    // A server that does not know initial responses (RFC 4954 §4) asks for it in a second step.
    return reply.code === 334 ? ask(response) : reply;
  }
  if (mechanisms.has("LOGIN")) {
    // No RFC: draft-murchison-sasl-login. Whatever the two questions say, the answers are the user and the password.
    const first = await ask("AUTH LOGIN");
    if (first.code !== 334) return first;
    const second = await ask(base64(user));
    return second.code === 334 ? ask(base64(password)) : second;
  }
  const offered = mechanisms.size === 0 ? "no AUTH" : `only AUTH ${[...mechanisms].join(" ")}`;
  throw new SmtpInterruption("4.7.4", `RELAY_URL has a password, but the relay offers ${offered}`, true);
}

function base64(text: string): string {
  // An empty response is a lone equals sign (RFC 4954 §4).
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))) || "=";
}
