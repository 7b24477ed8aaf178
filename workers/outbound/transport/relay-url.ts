/**
 * RELAY_URL, the one setting that says where outgoing mail goes:
 *
 *     smtp://user:password@relay.example:587        STARTTLS, port 587 if none is given (RFC 6409 §3.1)
 *     smtps://user:password@relay.example:465       TLS from the first byte, port 465 (RFC 8314 §3.3)
 *     smtp://127.0.0.1:1025                         a sink on this machine
 *
 * User and password are percent-encoded. `?tls=` says what `smtp:` does about STARTTLS:
 *
 * - `required`: no TLS, no mail. The default where there is a password, since the network must not read it.
 * - `opportunistic`: TLS where it is offered. The default elsewhere, and for a relay on this machine. TLS that is offered
 *   and then fails never falls back to clear text: whoever broke it would have chosen that.
 * - `off`: never, for a relay behind a tunnel. With a password only on this machine.
 *
 * The port is not 25: Workers cannot connect to it, and a smarthost takes submissions elsewhere.
 */

export interface Relay {
  host: string;
  port: number;
  implicitTls: boolean;
  startTls: "required" | "opportunistic" | "off";
  credentials: Credentials | null;
}

export interface Credentials {
  user: string;
  password: string;
}

export interface RelayUrlProblem {
  reason:
    | "not_a_url"
    | "unknown_scheme"
    | "bad_host"
    | "bad_port"
    | "bad_credentials"
    | "unexpected_path"
    | "unknown_option"
    | "password_in_clear";
  /** For the person who set it. Repeats nothing of the URL but the scheme, host, port and option names: no secret. */
  message: string;
}

export type ParsedRelayUrl = { ok: true; value: Relay } | { ok: false; error: RelayUrlProblem };

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const IPV6_LITERAL = /^\[[0-9a-f:.]+\]$/;

export function parseRelayUrl(text: string): ParsedRelayUrl {
  // Not URL.parse(): its error would be the same, and the text must not get into a message.
  if (!URL.canParse(text)) return problem("not_a_url", "RELAY_URL is not a URL such as smtp://user:password@host:587");
  const url = new URL(text);
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") {
    return problem("unknown_scheme", `RELAY_URL begins with ${url.protocol} where smtp: or smtps: is known`);
  }
  const implicitTls = url.protocol === "smtps:";
  const host = url.hostname.toLowerCase();
  if (!HOST_NAME.test(host) && !IPV6_LITERAL.test(host)) {
    return problem("bad_host", "RELAY_URL names no host, or one that is neither a domain in ASCII nor an address");
  }
  const port = url.port === "" ? (implicitTls ? 465 : 587) : Number(url.port);
  if (port === 0) return problem("bad_port", "RELAY_URL names port 0");
  if ((url.pathname !== "" && url.pathname !== "/") || url.hash !== "") {
    // A password with an unencoded slash ends up here, too.
    return problem(
      "unexpected_path",
      "RELAY_URL goes on after the host; a / ? or # in the password is written %2F %3F %23",
    );
  }
  const credentials = credentialsIn(url);
  if (credentials === "bad") {
    return problem(
      "bad_credentials",
      "RELAY_URL has a user or password that is not percent-encoded UTF-8 without control characters",
    );
  }
  return withTls(url, { host, port, implicitTls, credentials });
}

function withTls(url: URL, relay: Omit<Relay, "startTls">): ParsedRelayUrl {
  const local = isLoopback(relay.host);
  const fallback = relay.credentials !== null && !local ? "required" : "opportunistic";
  let startTls: Relay["startTls"] = fallback;
  for (const [name, value] of url.searchParams) {
    const known = value === "required" || value === "opportunistic" || value === "off";
    if (name !== "tls" || !known || relay.implicitTls) {
      return problem(
        "unknown_option",
        "RELAY_URL has an option other than ?tls=required, opportunistic or off (of smtp:)",
      );
    }
    startTls = value;
  }
  if (relay.credentials !== null && !relay.implicitTls && !local && startTls !== "required") {
    return problem("password_in_clear", `RELAY_URL would send the password to ${relay.host} without TLS`);
  }
  return { ok: true, value: { ...relay, startTls } };
}

function credentialsIn(url: URL): Credentials | null | "bad" {
  if (url.username === "" && url.password === "") return null;
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    // RFC 4616 §2: NUL parts the fields of AUTH PLAIN. The other controls are in no real password and in many mistakes.
    return user === "" || /\p{Cc}/u.test(user + password) ? "bad" : { user, password };
  } catch {
    return "bad";
  }
}

/** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3: what never leaves this machine. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A valid relay URL as it may be shown. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password !== "") url.password = "***";
  return url.href;
}

function problem(reason: RelayUrlProblem["reason"], message: string): ParsedRelayUrl {
  return { ok: false, error: { reason, message } };
}
