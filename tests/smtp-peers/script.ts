/**
 * What a scripted SMTP peer does: plain data, so that a test in workerd can send it as JSON to the Node process that
 * plays the peer. Without a script the peer is a decent server that takes everything.
 */

/** One thing the peer does when its turn comes. */
export type Act =
  /** Says a line; CRLF is added. */
  | string
  /** Says exactly these bytes, a character each (latin1), so that a line may lack its end or hold 8-bit bytes. */
  | { send: string }
  /** Says the same bytes again and again until so many bytes have gone out or the other side has left. */
  | { flood: string; bytes: number }
  | { pause_ms: number }
  /** `end` sends a FIN after what was said before, `reset` a RST. */
  | { close: "end" | "reset" }
  /** Whether it takes bytes off the wire. While it does not, the sender's buffers fill. */
  | { reading: boolean };

export interface Rule {
  /**
   * The beginning of the command line, in any case. `.` is the end of the message, `CONNECT` the beginning of the
   * connection, before the greeting. What a client sends within an AUTH dialogue is matched as `RESPONSE`.
   */
  on: string;
  /** An empty list is silence. A reply of 354 to DATA opens the message, 220 to STARTTLS the handshake. */
  do: Act[];
  /** Only this time that the rule matches on a connection, counted from 1. */
  nth?: number;
}

export interface PeerScript {
  /** The last two offer STARTTLS, answer 220, and then hang up or say nothing more. */
  tls?: "none" | "implicit" | "starttls" | "handshake_closes" | "handshake_hangs";
  /** `trusted` is signed by the CA that the tests' runtime trusts, for localhost and 127.0.0.1. */
  certificate?: "trusted" | "unknown_ca" | "other_name";
  /** What EHLO answers after the name, in place of PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES. */
  capabilities?: string[];
  /** The only user name and password that AUTH takes; without them every pair is taken. */
  credentials?: { user: string; password: string };
  /** The first that matches wins over what the peer would do by itself. */
  rules?: Rule[];
  /** Once so many bytes of the message have come in. */
  during_data?: { after_bytes: number; do: Act[] };
  /**
   * Takes any of CR, LF and CRLF for the end of a line, in commands and around the final dot: the flaw that SMTP
   * smuggling needs.
   */
  any_line_end?: boolean;
}

/** What one connection to the peer has seen. */
export interface PeerSession {
  commands: string[];
  messages: { mail_from: string; rcpt_to: string[]; bytes: number; sha256: string }[];
  /** The name in the ClientHello and the protocol, once TLS is up. */
  tls: { server_name: string | null; protocol: string | null } | null;
  /** A command had come before the answer to the one before it went out. Only PIPELINING allows that (RFC 2920 §3.1). */
  pipelined: boolean;
  /** How many bytes of a message came in before the connection broke, or 0. */
  unfinished_bytes: number;
  /** Null while it is open. */
  ended: "quit" | "closed" | "error" | null;
}

/** What the runner hands to the tests. */
export interface SmtpPeers {
  /** The HTTP server that makes peers: `http://127.0.0.1:…` */
  control_url: string;
}

declare module "vitest" {
  interface ProvidedContext {
    smtpPeers: SmtpPeers;
  }
}
