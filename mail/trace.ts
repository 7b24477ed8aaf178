/** The trace fields that this mesh puts in front of a message that it takes (RFC 5321 §4.4). */
import type { Hop } from "../contract/ingest.ts";

export interface Trace {
  /** Reverse-path, empty for `<>`. */
  mail_from: string;
  /** The recipients of this copy. */
  rcpt_to: string[];
  hop: Hop;
  hostname: string;
  /** The queue id that a postmaster would look for in the log. */
  id: string;
  received_at: number;
}

/** Return-Path and Received, each ending in CRLF. The message's own bytes follow unchanged. */
export function traceFields({ mail_from, rcpt_to, hop, hostname, id, received_at }: Trace): string {
  const [only, ...others] = rcpt_to;
  // RFC 5321 §4.4: one path at most. Several would tell each recipient about the others.
  const forClause = only !== undefined && others.length === 0 ? `\r\n\tfor <${clean(only)}>` : "";
  return (
    `Return-Path: <${clean(mail_from)}>\r\n` +
    `Received: ${fromClause(hop)}by ${clean(hostname)} (Mailmesh)\r\n` +
    `\twith ${hop.protocol ?? "HTTP"} id ${id}${forClause};\r\n` +
    `\t${rfc5322Date(received_at)}\r\n`
  );
}

function fromClause({ helo, remote_address }: Hop): string {
  if (helo === undefined && remote_address === undefined) return "";
  const literal = remote_address?.includes(":") ? `IPv6:${remote_address}` : remote_address;
  const name = cleanDomain(helo ?? "unknown");
  return `from ${name}${literal === undefined ? "" : ` ([${clean(literal)}])`}\r\n\t`;
}

/** RFC 5322 §3.3, in UTC. */
export const rfc5322Date = (milliseconds: number): string =>
  new Date(milliseconds).toUTCString().replace("GMT", "+0000");

/** Nothing that came over the wire may break out of its field. */
const clean = (text: string): string => text.replaceAll(/[\p{Cc}<>]/gu, "?");

/** What a client says of itself in EHLO may be anything. */
const cleanDomain = (text: string): string => text.replaceAll(/[^\w.:[\]-]/g, "?").slice(0, 255) || "unknown";
